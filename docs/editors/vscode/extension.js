// Starts the language server when a scheme is opened. Highlighting and snippets need nothing of this.

const { commands, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
    const [command, ...args] = workspace.getConfiguration("callflow").get("server.command");
    if (!command) {
        return;
    }
    client = new LanguageClient("callflow", "Callflow", { command, args }, {
        documentSelector: [{ language: "callflow", scheme: "file" }, { language: "callflow", scheme: "untitled" }],
    });
    try {
        await client.start();
    } catch {
        client = undefined; // the client has already told why
    }
}

async function stop() {
    const running = client;
    client = undefined;
    await running?.stop();
}

async function activate(context) {
    const restart = async () => {
        await stop();
        await start();
    };
    context.subscriptions.push(commands.registerCommand("callflow.restartServer", restart));
    await start();
}

module.exports = { activate, deactivate: stop };
