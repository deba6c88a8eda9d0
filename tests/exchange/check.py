"""Opens everything that onrecord exports with the tools that it is for. See README.md beside this file."""

import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile

import duckdb
import pyarrow.parquet
from pyld import jsonld

ARTICLES = pathlib.Path(__file__).parents[2] / "fixtures" / "articles"
SCHEMA = "https://schema.org/"
# Words of the contexts that the files name, so that nothing is fetched: schema.org maps every name into itself.
CONTEXTS = {
    "https://schema.org": {"@context": {"@vocab": SCHEMA, "id": "@id", "type": "@type"}},
    "http://www.w3.org/ns/anno.jsonld": {"@context": {"@vocab": "http://www.w3.org/ns/oa#", "id": "@id", "type": "@type"}},
}


def loader(url, _options=None):
    """Gives the contexts above in place of the ones on the web."""
    return {"contextUrl": None, "documentUrl": url, "document": CONTEXTS[url.rstrip("/")]}


def expect(holds, what):
    """Ends the check where something does not hold."""
    if not holds:
        sys.exit(f"FAILED: {what}")
    print(f"ok: {what}")


class Record:
    """A record in a folder of its own, asked by the real program."""

    def __init__(self, program, folder):
        self.program, self.folder = pathlib.Path(program).resolve(), folder

    def run(self, *arguments):
        done = subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, check=False)
        expect(done.returncode == 0, " ".join(["onrecord", *map(str, arguments)]) + done.stderr.decode()[:200])
        return done.stdout.decode()


def check_sqlite(record, stats):
    record.run("export", "--format", "sqlite", "--findings", "--engine", "rules", "record.sqlite")

    def ask(sql):
        done = subprocess.run(["sqlite3", "-json", record.folder / "record.sqlite", sql], capture_output=True, check=True)
        return json.loads(done.stdout or b"[]")

    expect(ask("PRAGMA integrity_check")[0]["integrity_check"] == "ok", "sqlite3: the file is whole")
    expect(ask("PRAGMA foreign_key_check") == [], "sqlite3: every reference leads somewhere")
    claims = ask("SELECT c.text, c.content, a.text AS article FROM claims c JOIN articles a ON a.id = c.article AND a.version = c.version")
    expect(len(claims) == stats["claims"], "sqlite3: as many claims as on record")
    for claim in claims:
        words = [claim["article"][start:end] for start, end in json.loads(claim["content"])]
        if not all(word in claim["text"] for word in words):
            sys.exit(f"FAILED: {words} is not in {claim['text']!r}")
    expect(True, "sqlite3: offsets give the words of every claim")
    expect(ask("SELECT count(*) AS n FROM findings")[0]["n"] > 0, "sqlite3: findings are there")
    expect(ask("SELECT count(*) AS n FROM claims_fts WHERE claims_fts MATCH 'water'")[0]["n"] > 0, "sqlite3: words are found")


def check_parquet(record, stats):
    record.run("export", "--format", "parquet", "--findings", "--engine", "rules", "tables")
    folder = record.folder / "tables"
    claims = pyarrow.parquet.read_table(folder / "claims.parquet")
    expect(claims.num_rows == stats["claims"], "pyarrow: as many claims as on record")
    expect(str(claims.schema.field("date").type) == "date32[day]", "pyarrow: days are days")
    by_duck = duckdb.sql(f"SELECT count(*), count(DISTINCT speaker_id) FROM '{folder}/claims.parquet'").fetchall()[0]
    expect(by_duck[0] == stats["claims"], "duckdb: as many claims as on record")
    joined = duckdb.sql(
        f"SELECT count(*) FROM '{folder}/claims.parquet' c JOIN '{folder}/articles.parquet' a "
        f"ON a.id = c.article AND a.version = c.version JOIN '{folder}/speakers.parquet' s ON s.id = c.speaker_id"
    ).fetchall()[0][0]
    expect(joined == stats["claims"], "duckdb: every claim has its article and its speaker")
    added = duckdb.sql(f"SELECT typeof(added), max(added) > TIMESTAMPTZ '2020-01-01' FROM '{folder}/articles.parquet' GROUP BY 1").fetchall()[0]
    expect(added == ("TIMESTAMP WITH TIME ZONE", True), "duckdb: moments are moments")
    findings = pyarrow.parquet.read_table(folder / "findings.parquet").to_pylist()
    expect(findings and all(json.loads(f["reasons"]) for f in findings), "pyarrow: every finding has its reasons")


def check_linked(record, speaker):
    for name, arguments, kind in [
        ("claims", ["claims", speaker], "Claim"),
        ("report", ["report", "--engine", "rules"], "ClaimReview"),
    ]:
        document = json.loads(record.run(*arguments, "--format", "jsonld"))
        nodes = jsonld.flatten(jsonld.expand(document, {"documentLoader": loader}))
        kinds = [kind for node in nodes for kind in node.get("@type", [])]
        expect(SCHEMA + kind in kinds, f"pyld: {name} expand to schema.org {kind}")
    lines = [json.loads(line) for line in record.run("claims", speaker, "--format", "annotations").splitlines()]
    for line in lines:
        expanded = jsonld.expand(line, {"documentLoader": loader})[0]
        if "http://www.w3.org/ns/oa#target" not in expanded:
            sys.exit(f"FAILED: an annotation without a target: {line}")
    expect(lines, "pyld: every annotation has its target")


def check_delimited(record, speaker):
    for name, delimiter in [("csv", ","), ("tsv", "\t")]:
        for arguments in (["claims", speaker], ["speakers"], ["report", "--engine", "rules"]):
            text = record.run(*arguments, "--format", name)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
            widths = {len(row) for row in rows}
            expect(len(rows) > 1 and len(widths) == 1, f"csv: {arguments[0]} as {name}: {len(rows)} rows of one width")
            formulas = [cell for row in rows for cell in row if cell[:1] in ("=", "+", "@", "-", "\t", "\r")]
            expect(not formulas, f"csv: no cell of {arguments[0]} is a formula {formulas[:1]}")


def main():
    """Runs all checks with the program that is named."""
    with tempfile.TemporaryDirectory() as folder:
        record = Record(sys.argv[1], pathlib.Path(folder))
        record.run("add", "-q", ARTICLES)
        stats = json.loads(record.run("stats", "--json"))
        speaker = json.loads(record.run("speakers", "--json"))
        speaker = (speaker["speakers"] if isinstance(speaker, dict) else speaker)[0]["name"]
        check_sqlite(record, stats)
        check_parquet(record, stats)
        check_linked(record, speaker)
        check_delimited(record, speaker)
    print("All exports open.")


if __name__ == "__main__":
    main()
