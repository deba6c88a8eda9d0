"""Plants errors in drafts made of labelled articles and counts what `check-draft` finds. See README.md beside this file."""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import tempfile

# Shorter ones are said by many, and a word less leaves little.
LEAST_WORDS = 6
TURNED = [("will", "will not"), ("is", "is not"), ("was", "was not"), ("are", "are not"), ("has", "has not"), ("have", "have not")]


def turned(text):
    """Returns the text with a `not` more or less, or None where there is no place for one."""
    words = text.split(" ")
    if "not" in words:
        words.remove("not")
        return " ".join(words)
    for plain, negated in TURNED:
        if plain in words:
            words[words.index(plain)] = negated
            return " ".join(words)
    return None


def changed(text, dice):
    """Returns the text with a word in the middle left out, or two in another order."""
    words = text.split(" ")
    at = dice.randrange(2, len(words) - 2)
    if words[at].lower() in ("not", "no", "never"):
        return None
    if dice.random() < 0.5:
        del words[at]
    elif words[at] != words[at + 1]:
        words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def quotation(text):
    """Returns the words of a direct content as they stand in a draft; None where it has parts or marks of its own."""
    if not isinstance(text, str):
        return None
    text = text.strip(" ,.\"'“”‘’")
    return None if any(mark in text for mark in "“”\"‘") else text


class Program:
    """The program, and records of some of the articles."""

    def __init__(self, path, articles, folder):
        self.path, self.articles, self.folder, self.made = pathlib.Path(path).resolve(), articles, folder, 0

    def run(self, *arguments):
        return subprocess.run([self.path, *arguments], capture_output=True, text=True, check=False)

    def ask(self, drafted, without=None):
        """Returns the status of each (quotation, speaker) against a record of all articles but one."""
        self.made += 1
        db = self.folder / f"db{self.made}"
        files = [f for f in sorted(self.articles.iterdir()) if f.suffix == ".txt" and f.name != without]
        added = self.run("add", "-q", *files, "--db", db)
        if added.returncode != 0:
            raise SystemExit(added.stderr)
        statuses = {}
        # One a draft: a name means whom it means in an article of its own.
        for n, (text, speaker) in enumerate(drafted):
            draft = self.folder / f"draft{n}.txt"
            draft.write_text(f"“{text},” {speaker} said.\n")
            answer = self.run("check-draft", draft, "--db", db, "--json")
            if answer.returncode not in (0, 1):
                raise SystemExit(answer.stderr)
            rows = json.loads(answer.stdout)
            rows = rows["quotations"] if isinstance(rows, dict) else rows
            statuses[text, speaker] = rows[0]["status"] if rows else "not read"
        return statuses


def main():
    """Plants, asks and counts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("gold", type=pathlib.Path)
    parser.add_argument("articles", type=pathlib.Path)
    parser.add_argument("--each", type=int, default=40, help="cases of a kind, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    dice = random.Random(args.seed)
    gold = json.loads(args.gold.read_text())
    direct = [
        (article["file"], said["id"], quotation(said["content"]), said["speaker"])
        for article in gold["articles"]
        for said in article["attributions"]
        if said["kind"] == "direct" and said["speaker"]
    ]
    people = {speaker["name"] for speaker in gold["speakers"]}
    direct = [d for d in direct if d[2] and len(d[2].split()) >= LEAST_WORDS and d[3] in people]
    dice.shuffle(direct)
    pairs = [pair for kind in ("repeats", "contradictions", "changed_position", "reports_differ", "ungraded") for pair in gold.get(kind, [])]
    paired = {(side["file"], side["id"]) for pair in pairs for p in [pair, *pair.get("also", [])] for side in (p["a"], p["b"])}

    whole, apart = {}, collections.defaultdict(dict)
    for file, _, text, speaker in direct[: args.each]:
        whole[text, speaker] = ("nothing", {"verbatim"})
        other = changed(text, dice)
        if other and other != text:
            whole[other, speaker] = ("a changed word", {"other-words"})
        stranger = dice.choice(sorted(people - {speaker}))
        whole[text, stranger] = ("another speaker", {"someone-else"})
        if turned(text):
            whole[turned(text), speaker] = ("turned round", {"contradicted", "other-words"})
    alone = [d for d in direct if (d[0], d[1]) not in paired]
    for file, _, text, speaker in alone[: args.each]:
        apart[file][text, speaker] = ("unheard of", {"not-on-record"})
    for pair in gold["contradictions"]:
        said = quotation(pair["b"]["content"])
        if said and (pair["b"]["file"], pair["b"]["id"]) in {(d[0], d[1]) for d in direct}:
            apart[pair["b"]["file"]][said, pair["speaker"]] = ("contradicted", {"contradicted"})

    right, answers, misses = collections.Counter(), collections.defaultdict(collections.Counter), []
    with tempfile.TemporaryDirectory() as folder:
        program = Program(args.program, args.articles, pathlib.Path(folder))
        for without, planted in [(None, whole), *apart.items()]:
            for case, status in program.ask(planted, without).items():
                kind, wanted = planted[case]
                answers[kind][status] += 1
                right[kind] += status in wanted
                if status not in wanted:
                    misses.append((kind, status, *case))
    print(f"{'planted':16} {'right':>5} {'of':>4}  answers")
    for kind, counts in answers.items():
        told = ", ".join(f"{status} {n}" for status, n in counts.most_common())
        print(f"{kind:16} {right[kind]:5} {sum(counts.values()):4}  {told}")
    errors = [kind for kind in answers if kind not in ("nothing", "unheard of")]
    caught = sum(n for kind in errors for status, n in answers[kind].items() if status in ("contradicted", "someone-else", "other-words"))
    planted = sum(sum(answers[kind].values()) for kind in errors)
    sound = sum(answers["nothing"].values()) + sum(answers["unheard of"].values())
    alarms = sum(answers[k][s] for k in ("nothing", "unheard of") for s in ("contradicted", "someone-else", "other-words"))
    print(f"errors caught {caught} of {planted}, missed {planted - caught}; false alarms {alarms} of {sound} quotations without an error")
    if args.misses:
        for miss in misses:
            print(*miss, sep="\t")


if __name__ == "__main__":
    main()
