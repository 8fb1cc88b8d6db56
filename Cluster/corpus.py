#!/usr/bin/env python3
"""Validates, exports and counts a corpus on Apache Spark: see README.md beside this file.

    spark-submit Cluster/corpus.py --program .build/release/marginalia --output out --validate --stats --export text corpus

The documents are parted into chunks. Each is handed to one `marginalia worker`, whose answers and files lie in the folder
`OUTPUT/chunks` once the chunk is done; a run that was ended goes on where it was. At the end the chunks are put together in the order of
the documents, so that the result is the same bytes however many machines there were.
"""
import argparse
import hashlib
import json
import os
import re
import select
import shutil
import subprocess
import sys
import uuid


def arguments():
    parser = argparse.ArgumentParser(description="Validates, exports and counts a corpus on Apache Spark.")
    parser.add_argument("--program", default="marginalia", help="the program, at the same path on all machines")
    parser.add_argument("--output", required=True, help="a folder that all machines share")
    parser.add_argument("--chunk", type=int, default=200, help="how many documents are done at once (200)")
    parser.add_argument("--patience", type=float, default=600, help="after how many seconds a document is given up (600)")
    parser.add_argument("--validate", action="store_true", help="report.jsonl says what is wrong with each document")
    parser.add_argument("--stats", action="store_true", help="statistics.csv counts, as `marginalia stats --format csv` does")
    parser.add_argument("--export", action="append", default=[], metavar="FORMAT", help="files/ has each document in a format; may be given several times")
    parser.add_argument("--policy", action="append", default=[], help="which text is exported")
    parser.add_argument("--schema", action="append", default=[], help="a schema for all documents")
    parser.add_argument("--root", help="the folder below which everything that is read must lie")
    parser.add_argument("paths", nargs="+", help="files and folders, at the same paths on all machines")
    options = parser.parse_args()
    options.output = os.path.abspath(options.output)
    if options.chunk < 1:
        parser.error("--chunk is 1 or more")
    if not (options.validate or options.stats or options.export):
        parser.error("nothing is to be done: say --validate, --export FORMAT or --stats")
    return options


def documents(paths, visited=None):
    """The files that are meant, in the order in which the program itself goes through folders."""
    found, visited = [], set() if visited is None else visited
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
        elif os.path.realpath(path) not in visited:
            # A symbolic link may lead back.
            visited.add(os.path.realpath(path))
            names = sorted((name for name in os.listdir(path) if not name.startswith(".")), key=os.fsencode)
            below = documents([os.path.join(path, name) for name in names], visited)
            found += [file for file in below if file.lower().endswith((".xml", ".tei"))]
    return found


def command(options):
    """The worker, without the folder for its files."""
    words = [options.program, "worker"]
    words += ["--validate"] * options.validate + ["--stats"] * options.stats
    for name in ("export", "policy", "schema"):
        for value in getattr(options, name):
            words += ["--" + name, value]
    return words + (["--root", options.root] if options.root else [])


class Worker:
    """A `marginalia worker` that is started when it is needed, and again when a document was the end of it."""

    def __init__(self, words, home, patience):
        self.words, self.home, self.patience, self.process, self.buffer = words, home, patience, None, b""

    def answer(self, path):
        """The line for a document; `None` where the worker died of it or took too long."""
        if self.process is None:
            self.process = subprocess.Popen(self.words, cwd=self.home, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.buffer = b""
        try:
            self.process.stdin.write(json.dumps({"path": path}).encode() + b"\n" if "\n" in path or path.startswith("{") else os.fsencode(path) + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass
        while b"\n" not in self.buffer:
            ready, _, _ = select.select([self.process.stdout], [], [], self.patience)
            part = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not part:
                self.end()
                return None
            self.buffer += part
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line + b"\n"

    def end(self):
        if self.process:
            self.process.kill()
            self.process.communicate()
            self.process = None


def told(path):
    """A path as the program tells it: bytes that are not UTF-8 are characters from U+10FF80."""
    return "".join(chr(0x10FF00 + ord(letter) - 0xDC00) if 0xDC80 <= ord(letter) <= 0xDCFF else letter for letter in path)


def on_disk(path):
    return "".join(chr(0xDC00 + ord(letter) - 0x10FF00) if ord(letter) >= 0x10FF80 else letter for letter in path)


def cell(text):
    """A cell of CSV as the program writes it: after an apostrophe where a spreadsheet might run it; numbers and dates stay."""
    is_formula = re.match(r"'*[=+\-@＝＋－＠\t\r\n]", text) and not re.fullmatch(r"[+-][0-9.–-]*", text)
    text = "'" + text if is_formula else text
    return '"' + text.replace('"', '""') + '"' if re.search(r'[",\r\n]', text) else text


def given_up(path):
    problem = {
        "severity": "error", "rule": "worker-ended", "message": "the program ended, or took too long, over this document",
        "help": "try it alone: marginalia validate FILE",
    }
    return json.dumps({"path": told(path), "read": False, "diagnostics": [problem]}, ensure_ascii=False).encode() + b"\n"


def chunk_folder(folder, number):
    return os.path.join(folder, "%06d" % number)


def is_done(folder, number):
    return os.path.exists(os.path.join(chunk_folder(folder, number), "report.jsonl"))


def work(chunk, folder, words, home, patience, exports):
    """Does a chunk, unless it is done; half of one is never taken for the whole.

    Paths are relative to the folder `home`, from which the job was started.
    """
    number, paths = chunk
    done = chunk_folder(folder, number)
    if is_done(folder, number):
        return
    own = "%s.%s.part" % (done, uuid.uuid4().hex)
    os.makedirs(os.path.join(own, "files"))
    worker = Worker(words + (["-o", os.path.relpath(os.path.join(own, "files"), home)] if exports else []), home, patience)
    with open(os.path.join(own, "report.jsonl"), "wb") as report:
        for path in paths:
            # One that was ended by something else than the document gets a second chance.
            report.write(worker.answer(path) or worker.answer(path) or given_up(path))
        report.flush()
        os.fsync(report.fileno())
    worker.end()
    try:
        # What is left of one that was half taken away is in the way.
        if os.path.isdir(done) and not is_done(folder, number):
            shutil.rmtree(done)
        os.rename(own, done)
    except OSError:
        # Another machine did the same chunk.
        shutil.rmtree(own)


def put_together(options, folder, count):
    """The chunks as one: report, files, statistics, and what could not be read."""
    (documents_read, invalid), failed, names = (0, 0), [], set()
    files = os.path.join(options.output, "files")
    shutil.rmtree(files + ".part", ignore_errors=True)
    os.makedirs(files + ".part")
    targets = {name: os.path.join(options.output, name) for name in ("report.jsonl", "quarantine.txt", "statistics.csv")}
    with open(targets["report.jsonl"] + ".part", "wb") as report, open(targets["statistics.csv"] + ".part", "w", encoding="utf-8", newline="") as table:
        table.write("document,date,category,kind,hand,count\n")
        for number in range(count):
            chunk = chunk_folder(folder, number)
            with open(os.path.join(chunk, "report.jsonl"), "rb") as lines:
                for line in lines:
                    report.write(line)
                    answer = json.loads(line)
                    documents_read += 1
                    invalid += answer.get("valid") is False
                    for document in answer.get("statistics", []):
                        for item in document["counts"]:
                            texts = [document["document"], document["date"], item["category"], item.get("kind", ""), item.get("hand", "")]
                            table.write(",".join(cell(text) for text in texts) + f",{item['count']}\n")
                    wanted = [on_disk(file["name"]) for file in answer.get("files", [])]
                    if not answer["read"] or any(name in names for name in wanted):
                        failed.append(answer["path"])
                        continue
                    for name in wanted:
                        names.add(name)
                        target = os.path.join(files + ".part", name)
                        os.makedirs(os.path.dirname(target), exist_ok=True)
                        place(os.path.join(chunk, "files", name), target)
    with open(targets["quarantine.txt"] + ".part", "wb") as list_of_failed:
        list_of_failed.writelines(os.fsencode(on_disk(path)) + b"\n" for path in failed)
    for name, target in targets.items():
        if name == "statistics.csv" and not options.stats:
            os.remove(target + ".part")
        else:
            os.replace(target + ".part", target)
    if options.export:
        shutil.rmtree(files, ignore_errors=True)
        os.rename(files + ".part", files)
    else:
        os.rmdir(files + ".part")
    print("%d documents, %d not valid, %d in quarantine" % (documents_read, invalid, len(failed)), file=sys.stderr)
    return failed


def stamp(path):
    """By what a file is told from what it was."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def place(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def main():
    options = arguments()
    from pyspark.sql import SparkSession

    paths = [os.path.normpath(path) if path.startswith("./") else path for path in documents(options.paths)]
    words = command(options)
    # What is made of other documents, by another program or otherwise, is in another folder.
    program = shutil.which(options.program)
    if not program:
        sys.exit("there is no program %s: name it by --program" % options.program)
    # What is wrong with the options is told before any document is given up for it.
    if subprocess.run(words, stdin=subprocess.DEVNULL).returncode != 0:
        return 2
    made_by = (words, os.getcwd(), options.chunk, [stamp(path) for path in [program] + options.schema], [(path, stamp(path)) for path in paths])
    key = hashlib.sha256(repr(made_by).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    folder = os.path.join(options.output, "chunks", key)
    os.makedirs(folder, exist_ok=True)
    chunks = [(number, paths[start:start + options.chunk]) for number, start in enumerate(range(0, len(paths), options.chunk))]
    pending = [chunk for chunk in chunks if not is_done(folder, chunk[0])]
    if pending:
        spark = SparkSession.builder.appName("marginalia").getOrCreate()
        home, patience, exports = os.getcwd(), options.patience, bool(options.export)
        spark.sparkContext.parallelize(pending, len(pending)).foreach(lambda chunk: work(chunk, folder, words, home, patience, exports))
        spark.stop()
    failed = put_together(options, folder, len(chunks))
    shutil.rmtree(folder)
    try:
        os.rmdir(os.path.join(options.output, "chunks"))
    except OSError:
        # Those of other runs are in it.
        pass
    return 2 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
