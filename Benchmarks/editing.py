#!/usr/bin/env python3
"""Measures the language server as an editor waits for it: a client over pipes, in milliseconds of wall time.

    Benchmarks/editing.py PROGRAM [CHANGES]
    Benchmarks/editing.py --memo BYTES          prints the document of that size

For a memo, and for the same with its longest paragraph repeated up to 1 MB and 8 MB: how long the first list takes after the server's
start; how long a list takes after a `<` was typed in the middle; how long it takes until what was found is there after the `<` was
deleted; and the memory of the server.
"""
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Client:
    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        self.count, self.notes = 0, []
        snippets = {"textDocument": {"completion": {"completionItem": {"snippetSupport": True}}}}
        self.request("initialize", {"rootUri": Path(folder).as_uri(), "capabilities": snippets})
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def receive(self):
        length = 0
        while (line := self.process.stdout.readline()) != b"\r\n":
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return json.loads(self.process.stdout.read(length))

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        while (message := self.receive()).get("id") != self.count or "method" in message:
            self.notes.append(message)
        return message["result"]

    def found(self, version):
        """Waits until the findings in a version of the document are there."""
        def is_meant(message):
            return (message.get("method") == "textDocument/publishDiagnostics"
                    and message["params"].get("version") == version)
        while not any(is_meant(message) for message in self.notes):
            self.notes.append(self.receive())
        self.notes = []

    @property
    def memory(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def memo(size):
    text = (ROOT / "docs/encoding/memo.xml").read_text()
    start = text.index("<p>Boats will cross")
    end = text.index("</p>", start) + 4
    paragraph = text[start:end]
    count = max(0, size - len(text)) // (len(paragraph) + 7)
    return text[:start] + "\n      ".join([paragraph] * (count + 1)) + text[end:]


def row(title, value, rest=""):
    print(f"  {title:52} {value:>12}  {rest}", flush=True)


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(program, folder, size, changes):
    text = memo(size)
    uri = (Path(folder) / "memo.xml").as_uri()
    lines = text.split("\n")
    middle = [number for number, line in enumerate(lines) if "Boats will cross" in line]
    line = middle[len(middle) // 2]
    start = lines[line].index("Boats will cross")
    begin = time.perf_counter()
    client = Client(program, folder)
    client.notify("textDocument/didOpen",
                  {"textDocument": {"uri": uri, "languageId": "xml", "version": 1, "text": text}})

    def place(character):
        return {"line": line, "character": character}

    def complete(character):
        client.request("textDocument/completion", {"textDocument": {"uri": uri}, "position": place(character)})

    def change(version, end, new):
        client.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": version},
            "contentChanges": [{"range": {"start": place(start), "end": place(end)}, "text": new}]})

    complete(start)
    first = (time.perf_counter() - begin) * 1000
    client.found(1)
    lists, findings = [], []
    for number in range(changes):
        version = 2 + 2 * number
        begin = time.perf_counter()
        change(version, start, "<")
        complete(start + 1)
        lists.append((time.perf_counter() - begin) * 1000)
        client.found(version)
        begin = time.perf_counter()
        change(version + 1, start + 1, "")
        client.found(version + 1)
        findings.append((time.perf_counter() - begin) * 1000)
    print(f"A document of {len(text.encode()) / 1e6:.2f} MB, {changes} changes: ms of wall time")
    row("first list after the start", f"{first:.0f}")
    row("list after a change, median", f"{percentile(lists, .5):.1f}",
        f"95 of 100 within {percentile(lists, .95):.1f}, 99 within {percentile(lists, .99):.1f}")
    row("findings after a change, median", f"{percentile(findings, .5):.1f}",
        f"95 of 100 within {percentile(findings, .95):.1f}")
    row("memory of the server", f"{client.memory:.0f}", "MB")
    client.process.kill()
    client.process.wait()


def main():
    if sys.argv[1] == "--memo":
        print(memo(int(sys.argv[2])), end="")
        return
    changes = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory() as folder:
        for size in (0, 1_000_000, 8_000_000):
            measure(Path(sys.argv[1]).resolve(), folder, size, changes)


if __name__ == "__main__":
    main()
