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
bytes_in_all = sum(path.stat().st_size for path in files)
for _ in range(count):
    at, path = chance.randrange(bytes_in_all), None
    for path in files:
        if at < path.stat().st_size:
            break
        at -= path.stat().st_size
    whole = path.read_bytes()
    bit = 1 << chance.randrange(8)
    path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
    if holds():
        sys.exit(f"not seen: byte {at} of {path}, bit {bit}")
    path.write_bytes(whole)
print("unharmed it holds; with any bit flipped it does not")
