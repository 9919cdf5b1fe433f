"""usage: flip.py VERIFIER FOLDER COUNT

Flips one bit at a time, anywhere in the files of an export, and lets the verifier judge it. Each time it
must refuse, and in its own words. Prints how it went; the bit that it did not see, if there is one.
"""
import contextlib
import io
import pathlib
import random
import sys

verifier, folder, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
program = compile(pathlib.Path(verifier).read_text(), verifier, "exec")
files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "key")
key = (folder / "key").read_text()
chance = random.Random(20261126)


def holds():
    """Whether the verifier says so; what it says otherwise is for nobody."""
    sys.argv = [verifier, str(folder), key]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(program, {"__name__": "__main__", "__doc__": ""})
    except SystemExit as end:
        return end.code in (None, 0)
    return True


if not holds():
    sys.exit("unharmed it does not hold")
places = [(path, at) for path in files for at in range(path.stat().st_size)]
bits = [(*chance.choice(places), 1 << chance.randrange(8)) for _ in range(count)]
if count >= 10000:  # a checkpoint is short, and each of its bits counts
    head = folder / "checkpoint"
    bits += [(head, at, 1 << bit) for at in range(head.stat().st_size) for bit in range(8)]
for path, at, bit in bits:
    whole = path.read_bytes()
    path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    if holds():
        sys.exit(f"not seen: byte {at} of {path}, bit {bit}")
    path.write_bytes(whole)
print("unharmed it holds; with any bit flipped it does not")
