#!/usr/bin/env python3
# usage: bench/screen_pairs.py LISTS [numu]
# Labelled pairs of names made of public lists in the folder LISTS (UN_*.xml, ofac_sdn*.csv, ofac_alt*.csv; no part of
# the project), and how `numu screen --pairs` judges them at its threshold. Alike: two names that one entry bears.
# Not alike: the nearest name of another entry (by triples of letters, which the score knows nothing of), one of the
# next fifteen, and a name with one word put in place of another. Entries are halved by a hash of their number: figures
# of src/rules/name_compare.c were set on the half "tune" only. Many names of one entry are other names (a father's, an
# acronym, a translation), which no comparison of letters can know; they are counted, and shown as strata.
import collections, csv, glob, hashlib, math, os, random, re, subprocess, sys, tempfile, unicodedata
import xml.etree.ElementTree as tree

THRESHOLD = 0.75
SIZES = {'person': 1200, 'company': 900, 'vessel': 200}


def clean(text):
    return re.sub(r'\s+', ' ', text or '').strip()


def fold(text):
    text = unicodedata.normalize('NFKD', text.lower())
    text = ''.join(c for c in text if not unicodedata.combining(c))
    return re.sub(r'[^\w]+', ' ', text.replace("'", '')).split()


def entries(folder):
    for path in sorted(glob.glob(folder + '/UN_*.xml')):
        for node in tree.parse(path).getroot().iter():
            if node.tag in ('INDIVIDUAL', 'ENTITY'):
                parts = (node.findtext(t) or '' for t in ('FIRST_NAME', 'SECOND_NAME', 'THIRD_NAME', 'FOURTH_NAME'))
                names = [clean(' '.join(parts)), clean(node.findtext('NAME_ORIGINAL_SCRIPT'))]
                names += [clean(a.findtext('ALIAS_NAME')) for a in node.iter(node.tag + '_ALIAS')
                          if clean(a.findtext('QUALITY')) != 'Low']
                kind = 'person' if node.tag == 'INDIVIDUAL' else 'company'
                yield 'un' + (node.findtext('REFERENCE_NUMBER') or ''), kind, [n for n in names if n]
    others = collections.defaultdict(list)
    for path in sorted(glob.glob(folder + '/ofac_alt*.csv')):
        for row in csv.reader(open(path, encoding='latin-1')):
            if len(row) > 3 and 'weak' not in row[2]:
                others[row[0]].append(clean(row[3]))
    for path in sorted(glob.glob(folder + '/ofac_sdn*.csv')):
        for row in csv.reader(open(path, encoding='latin-1')):
            kind = {'individual': 'person', 'vessel': 'vessel', 'aircraft': None}.get(row[2].strip(), 'company') \
                if len(row) > 3 else None
            if kind:
                yield 'of' + row[0], kind, [clean(row[1])] + others[row[0]]


def half(entry):
    return 'tune' if int(hashlib.sha256(entry.encode()).hexdigest(), 16) % 2 else 'hold'


def triples(name):
    text = ' ' + ' '.join(sorted(fold(name))) + ' '
    return collections.Counter(text[i:i + 3] for i in range(len(text) - 2))


def nearest(names, draw):
    """Of some names (entry, name, all names of it): the nearest of another entry, and one of those that follow."""
    vectors = [triples(name) for _, name, _ in names]
    holders = collections.defaultdict(list)
    for at, vector in enumerate(vectors):
        for triple in vector:
            holders[triple].append(at)
    length = [math.sqrt(sum(c * c for c in v.values())) or 1 for v in vectors]
    for at in draw.sample(range(len(names)), min(len(names), 900)):
        score = collections.Counter()
        for triple, count in vectors[at].items():
            if len(holders[triple]) <= 3000:
                for other in holders[triple]:
                    score[other] += count * vectors[other][triple] * math.log(len(names) / len(holders[triple]))
        entry, name, own = names[at]
        ranked = sorted(score, key=lambda o: -score[o] / length[o])[:60]
        ranked = [o for o in ranked if names[o][0] != entry and not own & names[o][2]]
        if ranked:
            yield 'near', name, names[ranked[0]][1]
        if len(ranked) > 3:
            yield 'next', name, names[ranked[draw.randint(2, min(len(ranked) - 1, 15))]][1]


def changed(names, count, draw):
    """A word put in place of another, in names of two to four words of Latin letters."""
    names = [n for n in names if n.isascii() and 2 <= len(n.split()) <= 4]
    words = [w.strip(',') for n in names for w in n.split() if len(w) > 3]
    while names and count > 0:
        old = draw.choice(names).split()
        at, word = draw.randrange(len(old)), draw.choice(words)
        if len(old[at]) > 3 and fold(word) != fold(old[at]):
            new = old[:at] + [word + (',' if old[at].endswith(',') else '')] + old[at + 1:]
            yield 'word', ' '.join(old), ' '.join(new)
            count -= 1


def pairs(folder):
    draw = random.Random(2026)
    alike, bearers = collections.defaultdict(list), collections.defaultdict(list)
    for entry, kind, names in entries(folder):
        own = {' '.join(sorted(fold(n))) for n in names}
        bearers[entry[:2], kind, half(entry)] += [(entry, n, own) for n in names]
        both = [(a, b) for i, a in enumerate(names) for b in names[i + 1:] if sorted(fold(a)) != sorted(fold(b))]
        draw.shuffle(both)
        for a, b in both[:2]:
            stratum = 'script' if max(map(ord, a + b)) >= 0x300 else 'latin'
            alike[half(entry), kind].append((stratum, a, b))
    for part in ('tune', 'hold'):
        for kind, size in SIZES.items():
            rows = alike[part, kind]
            draw.shuffle(rows)
            for stratum, a, b in rows[:size]:
                yield part, kind, stratum, 1, a, b
            others = [p for source in ('of', 'un') for p in nearest(bearers[source, kind, part], draw)]
            draw.shuffle(others)
            pool = [n for source in ('of', 'un') for _, n, _ in bearers[source, kind, part]]
            for stratum, a, b in others[:size] + list(changed(pool, size // 3, draw)):
                yield part, kind, stratum, 0, a, b


def score(rows, numu):
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = os.path.join(folder, 'pairs.csv'), os.path.join(folder, 'scores.csv')
        with open(asked, 'w', newline='') as file:
            csv.writer(file).writerows([('a', 'b', 'type')] + [(r[4], r[5], r[1]) for r in rows])
        subprocess.run([numu, 'screen', '--pairs', asked, '--format', 'csv', '-o', answered], stderr=subprocess.DEVNULL)
        scores = [float(r['score']) for r in csv.DictReader(open(answered))]
    assert len(scores) == len(rows)
    return scores


def report(name, judged):
    hits = sum(label and is_raised for label, is_raised in judged)
    raised, listed = sum(r for _, r in judged), sum(label for label, _ in judged)
    precision, recall = hits / max(raised, 1), hits / max(listed, 1)
    print('%-14s %6d pairs, precision %.3f, recall %.3f, F1 %.3f' % (
        name, len(judged), precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)))


def main():
    rows = list(pairs(sys.argv[1]))
    scores = score(rows, sys.argv[2] if len(sys.argv) > 2 else 'build/numu')
    for part in ('tune', 'hold'):
        mine = [(r, s >= THRESHOLD) for r, s in zip(rows, scores) if r[0] == part]
        report(part, [(r[3], s) for r, s in mine])
        for kind in SIZES:
            report('  ' + kind, [(r[3], s) for r, s in mine if r[1] == kind])
        for stratum in ('latin', 'script', 'near', 'next', 'word'):
            of = [s for r, s in mine if r[2] == stratum]
            print('    %-8s %5d pairs, raised %.1f %%' % (stratum, len(of), 100 * sum(of) / max(len(of), 1)))


main()
