#!/usr/bin/env python3
"""usage: tools/verify-export.py DIR [PUBLIC-KEY [WITNESS-KEY...]]

Verifies a log that `numu ledger export` wrote (C2SP tlog-tiles), with the standard library alone and no
code of numu: the signature of the checkpoint (Ed25519, RFC 8032), every tile and the root (RFC 6962), and
that each entry is canonical JSON (RFC 8785, whole numbers) of its place in the log. An epoch begins only by
its opening, which names the head where it begins, and the approval of another person. In a log with a root
(docs/ledger.md, The offline root), administrators and keys of the site come by certificates that the root in
force signed, and other people, once the book is in use, by two administrators who signed. A count in sheets names
all sheets of its key that were not withdrawn, by their leaves, and has their totals; no count is closed after
another of the same that was closed since it began. Exit 0: it holds; 1: it does not. Of each WITNESS-KEY, a
cosignature of the checkpoint must be there (C2SP tlog-cosignature, version 1). PUBLIC-KEY, from somebody you
trust, is better than the file DIR/key.
"""
import base64
import hashlib
import json
import pathlib
import sys

# --- Ed25519 (RFC 8032, section 6, verification only) ---
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def recover_x(y, sign):
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P or (x == 0 and sign) or y >= P:
        raise ValueError("no point of the curve")
    return P - x if x & 1 != sign else x


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    x = recover_x(y, sign)
    return x, y, 1, x * y % P


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    w, x, y, z = f - e, h - g, h + g, f + e
    return w * x % P, y * z % P, x * y % P, w * z % P


def times(n, a):
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, a)
        a, n = add(a, a), n >> 1
    return total


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recover_x(BASE_Y, 0), BASE_Y, 1, recover_x(BASE_Y, 0) * BASE_Y % P)


def is_signed(key, message, signature):
    r, s = point(signature[:32]), int.from_bytes(signature[32:], "little")
    if s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    a, b = times(s, BASE), add(r, times(h, point(key)))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


# --- the log ---
def fail(what):
    sys.exit("does not hold: " + what)


def decode(text):
    """Base64 in its one form: no other character, and no bit set that means nothing."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("base64 that is not as it should be")
    return data


def read_key(vkey):
    """Its name, id and bytes."""
    name, key_id, blob = vkey.split("+", 2)
    key = decode(blob)
    if hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id or key[0] != 1:
        fail(f"the key {vkey}")
    return name, bytes.fromhex(key_id), key[1:]


def read_signature(line):
    """Whose it is, and its bytes: "\u2014 name base64" and nothing else."""
    dash, signer, blob = line.split(" ")
    if dash != "\u2014":
        raise ValueError("no line of a signature: " + line)
    return signer, decode(blob)


def read_note(folder):
    """The text of the checkpoint, and its signatures."""
    text, signatures = (folder / "checkpoint").read_bytes().decode().rsplit("\n\n", 1)
    if not signatures.endswith("\n"):
        fail("the end of the checkpoint")
    return text + "\n", [read_signature(line) for line in signatures[:-1].split("\n")]


def read_checkpoint(folder, vkey):
    name, key_id, key = read_key(vkey.strip())
    text, signatures = read_note(folder)
    for signer, blob in signatures:
        if signer == name and blob[:4] == key_id and is_signed(key, text.encode(), blob[4:]):
            origin, size, root = text.split("\n")[:3]
            return origin, int(size), decode(root)
    fail("the signature of the checkpoint")


def check_witness(folder, vkey):
    """A signature line of key type 4: the time, then the signature of time and text."""
    name, _, blob = vkey.strip().split("+", 2)
    key = decode(blob)[1:]
    key_id = hashlib.sha256(name.encode() + b"\n\x04" + key).digest()[:4]
    text, signatures = read_note(folder)
    for signer, blob in signatures:
        if signer == name and blob[:4] == key_id and len(blob) == 76:
            time = int.from_bytes(blob[4:12], "big")
            if is_signed(key, f"cosignature/v1\ntime {time}\n{text}".encode(), blob[12:]):
                return
    fail(f"no cosignature of {name}")


def tile_path(level, number, width):
    digits = f"{number % 1000:03}"
    while number >= 1000:
        number //= 1000
        digits = f"x{number % 1000:03}/{digits}"
    return f"tile/{level}/{digits}" + (f".p/{width}" if width < 256 else "")


def read_entries(folder, size):
    for number in range((size + 255) // 256):
        width = min(256, size - number * 256)
        data, at = (folder / tile_path("entries", number, width)).read_bytes(), 0
        for _ in range(width):
            length = int.from_bytes(data[at : at + 2], "big")
            if at + 2 + length > len(data):
                fail(f"bundle {number} of entries is cut off")
            yield data[at + 2 : at + 2 + length]
            at += 2 + length
        if at != len(data):
            fail(f"bundle {number} of entries holds more than it should")


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def log_name(record):
    """The site, and its epoch where that is not the first."""
    return record["site"] + (f"@{record['epoch']}" if record["epoch"] else "")


def check_epoch(record, before, leaves):
    """An epoch begins by its opening and the approval of another, and by nothing else."""
    body, index = record["body"], len(leaves)
    opening = before is not None and before["body"]["type"] == "epoch"
    if opening:
        name = f"{log_name(before)}:{index - 1}:{leaves[-1].hex()}"
        good = body["type"] == "approve" and body["ref"] == name and body["by"] != before["body"]["by"]
        good = good and record["epoch"] == before["epoch"]
    elif record["epoch"] > (before["epoch"] if before else 0):
        good = index > 0 and body["type"] == "epoch" and body["against"] == index
        good = good and body["head"] == root_of(leaves).hex()
    else:
        good = record["epoch"] == (before["epoch"] if before else 0) and body["type"] != "epoch"
    if not good:
        fail(f"the epoch at entry {index}")


# --- the root ---
def read_certificate(note, root):
    """What the root says in a note of two lines and one signature."""
    name, key_id, key = read_key(root)
    text, line = note.split("\n\n")
    head, statement = text.split("\n")
    dash, signer, blob = line.rstrip("\n").split(" ")
    blob = decode(blob)
    good = head == "numu.certificate/1" and dash == "\u2014" and signer == name and blob[:4] == key_id
    if not good or not is_signed(key, f"{text}\n".encode(), blob[4:]):
        fail("a certificate that the root did not sign")
    said = json.loads(statement)
    if canonical(said) != statement.encode():
        fail("a certificate that is not in canonical form")
    return said


class Root:
    """Who was certified in a log, and what its registers may say."""

    def __init__(self):
        self.root, self.in_use, self.waiting = None, False, {}
        self.issued, self.people = {}, {}

    def certify(self, note, record):
        if self.root is None:
            fail("a certificate in a log without a root")
        said = read_certificate(note, self.root)
        kind = said["type"]
        subject = {"root": "/root", "site": "site"}.get(kind, said.get("id"))
        good = said["ledger"] == record["body"]["ledger"] and said["issued"] > self.issued.get(subject, "")
        good = good and record["recorded"][:10] <= said.get("until", "9999")
        if not good or (kind == "site" and said["id"] != record["site"]):
            fail(f"a certificate of {subject} that is of another log, or not the newest, or over")
        self.issued[subject] = said["issued"]
        if kind == "root":
            self.root = said["key"]
        elif kind != "site":
            self.people[subject] = {**said, "certified": kind == "person"}

    def is_administrator(self, record):
        body = record["body"]
        person = self.people.get(body["by"], {})
        good = person.get("certified") and "administrator" in person["roles"].split(" ")
        good = good and record["recorded"][:10] <= person.get("until", "9999") and record.get("signatures")
        return good and all(
            is_signed(read_key(person["key"])[2], canonical(body), decode(of["signature"]))
            for of in record["signatures"]
        )

    def register(self, record, approval=None):
        """A register takes effect."""
        register, last = record["body"]["register"], approval or record
        for person in register.get("people", []):
            known = self.people.get(person["id"], {})
            needs = known.get("certified") or person["id"] == "site"
            if self.root and (needs or "administrator" in person.get("roles", "").split(" ")):
                fail(f"{person['id']} without a certificate at entry {last['sequence']}")
        if self.root and approval and register.get("people"):
            two = record["body"]["by"] != approval["body"]["by"]
            if not two or not self.is_administrator(record) or not self.is_administrator(approval):
                fail(f"people without two administrators at entry {last['sequence']}")
        old = self.root
        for note in register.get("certificates", []):
            self.certify(note, {**last, "body": record["body"]})
        for person in register.get("people", []):
            self.people.setdefault(person["id"], {})
            if not self.people[person["id"]].get("certified"):
                self.people[person["id"]] = person
        for row in register.get("roots", []):
            if old is not None:
                fail(f"a second root at entry {last['sequence']}")
            self.root = row["key"]

    def take(self, record, leaf):
        body = record["body"]
        if body["type"] == "register":
            if self.in_use and list(body["register"]) != ["certificates"]:
                self.waiting[record["sequence"]] = record, leaf
            else:
                self.register(record)
        elif body["type"] == "approve":
            sequence = int(body["ref"].split(":")[1])
            if sequence in self.waiting:
                proposal, of = self.waiting.pop(sequence)
                if self.root and body["ref"].split(":")[2] != of.hex():
                    fail(f"an approval of another register at entry {record['sequence']}")
                self.register(proposal, record)
        self.in_use = self.in_use or body["type"] != "register"


class Counts:
    """Sheets that wait for their count, by its key: what the count must name them as, and their lines; closes."""

    def __init__(self):
        self.waiting = {}
        self.counts = {}  # since which entry each counts, and what: account, item and lot
        self.closes = {}  # by entry: that waits for approval
        self.closed = []  # what was counted, and the entry that closed it

    def note(self, record, sheets):
        """Of an item with serials a total says all; of others, each lot on a line."""
        lines = [line for _, lines in sheets.values() for line in lines]
        listed = {(line["to"], line["item"]) for line in lines}
        lines += [line for line in record["body"]["lines"] if (line["to"], line["item"]) not in listed]
        what = {(line["to"], line["item"], line.get("lot", "")) for line in lines}
        self.counts[record["sequence"]] = min(sheets, default=record["sequence"]), what

    def approve(self, record):
        """A close takes effect: of what it counts, no other count may have been closed since it began."""
        close = self.closes.pop(int(record["body"]["ref"].split(":")[1]), None)
        if close is None:
            return
        began, what = self.counts.get(int(close["ref"].split(":")[1]), (0, set()))
        if close["version"] > 1 and any(at > began and what & other for other, at in self.closed):
            fail(f"the close at entry {record['sequence']} is of what was closed before")
        self.closed.append((what, record["sequence"]))

    def check(self, record):
        body, sums, totals = record["body"], {}, {}
        sheets = self.waiting.pop(body["key"], {})
        good = [sheets[sequence][0] for sequence in sorted(sheets)] == body.get("sheets", [])
        for line in [line for _, lines in sheets.values() for line in lines]:
            place = line["to"], line["item"]
            sums[place] = sums.get(place, 0) + line["quantity_millionths"]
        for line in body["lines"] if sheets else []:
            good = good and (line["to"], line["item"]) not in totals
            totals[line["to"], line["item"]] = line["quantity_millionths"]
        if not good or any(sums.get(place, 0) != totals.get(place) for place in {**sums, **totals}):
            fail(f"the count at entry {record['sequence']} is not that of its sheets")
        self.note(record, sheets)

    def take(self, record, leaf):
        body, sequence = record["body"], record["sequence"]
        if body["type"] == "sheet":
            name = f"{log_name(record)}:{sequence}:{leaf.hex()}"
            self.waiting.setdefault(body["count"], {})[sequence] = name, body["lines"]
        elif body["type"] == "withdraw":
            place = int(body["ref"].split(":")[1])
            named = [sheets for sheets in self.waiting.values() if sheets.get(place, [""])[0] == body["ref"]]
            if not named:
                fail(f"entry {sequence} withdraws what does not wait")
            named[0].pop(place)
        elif body["type"] == "count":
            self.check(record)
        elif body["type"] == "close":
            self.closes[sequence] = body
        elif body["type"] == "approve":
            self.approve(record)


def check_entry(entry, index, origin):
    record = json.loads(entry, parse_float=lambda text: fail(f"a fraction in entry {index}"))
    if canonical(record) != entry:
        fail(f"entry {index} is not in canonical form")
    place = f"{record['body']['ledger']}/{record['site']}"
    if record["sequence"] != index or place != origin.split("@")[0]:
        fail(f"entry {index} is of another place")
    return record


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes):
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node(root_of(hashes[:split]), root_of(hashes[split:]))


def check_tiles(folder, leaves):
    level, hashes = 0, leaves
    while hashes:
        for number in range((len(hashes) + 255) // 256):
            part = hashes[number * 256 : number * 256 + 256]
            if (folder / tile_path(level, number, len(part))).read_bytes() != b"".join(part):
                fail(f"tile {level}/{number}")
        full = len(hashes) // 256
        hashes = [root_of(hashes[i * 256 : i * 256 + 256]) for i in range(full)]
        level += 1


def main():
    folder = pathlib.Path(sys.argv[1])
    vkey = sys.argv[2] if len(sys.argv) > 2 else (folder / "key").read_text()
    origin, size, root = read_checkpoint(folder, vkey)
    for witness in sys.argv[3:]:
        check_witness(folder, witness)
    leaves, record, people, counts = [], None, Root(), Counts()
    for index, entry in enumerate(read_entries(folder, size)):
        before, record = record, check_entry(entry, index, origin)
        check_epoch(record, before, leaves)
        leaves.append(hashlib.sha256(b"\0" + entry).digest())
        people.take(record, leaves[-1])
        counts.take(record, leaves[-1])
    if record and (record["body"]["type"] == "epoch" or f"{record['body']['ledger']}/{log_name(record)}" != origin):
        fail("the epoch of the checkpoint")
    if (root_of(leaves) if leaves else hashlib.sha256(b"").digest()) != root:
        fail("the root")
    check_tiles(folder, leaves)
    print(f"{origin}: {size} entries hold" + (f", root {people.root.split('+')[0]}" if people.root else ""))


if len(sys.argv) < 2:
    sys.exit(__doc__)
try:
    main()
except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
    fail(str(error))
