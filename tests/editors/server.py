"""A language server that only tells which messages it got: one line each, into the file named by its argument."""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    heard = Path(sys.argv[1]).open("a", encoding="utf-8")  # noqa: SIM115  open until the process ends
    method = ""
    while method != "exit":
        size = 0
        while line := sys.stdin.buffer.readline().strip():
            name, _, value = line.partition(b":")
            size = int(value) if name.lower() == b"content-length" else size
        if not size:
            break
        message = json.loads(sys.stdin.buffer.read(size))
        method = message.get("method", "")
        print(method, file=heard, flush=True)
        if "id" in message:
            result = {"capabilities": {}} if method == "initialize" else None
            body = json.dumps({"jsonrpc": "2.0", "id": message["id"], "result": result}).encode()
            sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            sys.stdout.buffer.flush()
