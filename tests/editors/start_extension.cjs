// Runs the bundled extension with as much of an editor around it as it asks for. Arguments: the bundle, the command of
// the server as JSON. Writes what an editor would show.

const Module = require("module");

const [bundle, command] = process.argv.slice(2);

/** Anything that is called, constructed or read without its being important what comes of it. */
const anything = () =>
    new Proxy(function () {}, {
        get: (target, name) => {
            if (name === "prototype") return target.prototype;
            if (name === Symbol.toPrimitive) return () => 0;
            if (name === Symbol.iterator) return function* () {};
            return name === "then" ? undefined : (target[name] ??= anything());
        },
        apply: () => anything(),
        construct: () => ({}),
    });

const subscribe = () => ({ dispose() {} });
const otherwise = (known) =>
    new Proxy(known, {
        get: (target, name) => (name in target ? target[name] : (target[name] = /^on/.test(name) ? subscribe : anything())),
    });

class EventEmitter {
    event = subscribe;
    fire() {}
    dispose() {}
}

const commands = {};
const vscode = otherwise({
    EventEmitter,
    version: "1.91.0",
    commands: otherwise({
        registerCommand: (name, run) => {
            commands[name] = run;
            return subscribe();
        },
    }),
    workspace: otherwise({
        textDocuments: [],
        notebookDocuments: [],
        workspaceFolders: undefined,
        getConfiguration: (section) => ({
            get: (key, or) => (`${section}.${key}` === "callflow.server.command" ? JSON.parse(command) : or),
        }),
    }),
    window: otherwise({
        createOutputChannel: () => otherwise({ logLevel: 2 }),
        showErrorMessage: async (message) => console.log(`error: ${message}`),
    }),
});

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require(bundle);

(async () => {
    await extension.activate({ subscriptions: [] });
    console.log("started");
    await commands["callflow.restartServer"]();
    console.log("started anew");
    await extension.deactivate();
    console.log("stopped");
})();
