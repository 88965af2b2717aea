// Tokenises texts as Visual Studio Code does. Arguments: a folder with node_modules, the grammar. Texts come as JSON.

const { createRequire } = require("module");
const fs = require("fs");

const [folder, grammarPath] = process.argv.slice(2);
const packages = createRequire(`${folder}/package.json`);
const { INITIAL, Registry, parseRawGrammar } = packages("vscode-textmate");
const oniguruma = packages("vscode-oniguruma");

const tokenised = (grammar, text) => {
    let stack = INITIAL;
    return text.split("\n").map((line) => {
        const result = grammar.tokenizeLine(line, stack);
        stack = result.ruleStack;
        return result.tokens.map(({ startIndex, scopes }) => [startIndex, scopes.at(-1)]);
    });
};

(async () => {
    const wasm = fs.readFileSync(packages.resolve("vscode-oniguruma/release/onig.wasm"));
    await oniguruma.loadWASM(wasm);
    const registry = new Registry({
        onigLib: Promise.resolve({
            createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
            createOnigString: (text) => new oniguruma.OnigString(text),
        }),
        loadGrammar: async () => parseRawGrammar(fs.readFileSync(grammarPath, "utf8"), grammarPath),
    });
    const grammar = await registry.loadGrammar("source.callflow");
    const texts = JSON.parse(fs.readFileSync(0, "utf8"));
    console.log(JSON.stringify(texts.map((text) => tokenised(grammar, text))));
})();
