"""Run each case of cases*.py in its own folder under pytest, and compare verdict with expectation.

usage: python harness.py [-k NAME] [--json FILE] cases_a.py ...
A case is: `### NAME EXPECTED` then the student's source, that defines setup(), t1..tN, and perhaps always/at_end.
"""
import json, os, re, subprocess, sys, tempfile, pathlib, time, argparse
ap = argparse.ArgumentParser(); ap.add_argument('-k', default=''); ap.add_argument('--json'); ap.add_argument('--py', default=sys.executable); ap.add_argument('-v', action='store_true'); ap.add_argument('files', nargs='+')
a = ap.parse_args()
work = pathlib.Path(tempfile.mkdtemp(prefix='rv'))
results = work / 'results.jsonl'
cases = []
for f in a.files:
    for part in re.split(r'(?m)^### ', pathlib.Path(f).read_text())[1:]:
        head, src = part.split('\n', 1)
        name, expected, *opts = head.split()
        if a.k in name:
            cases.append((name, expected, opts, src))
for name, expected, opts, src in cases:
    d = work / name; d.mkdir()
    (d / 'bank.py').write_text(src)
    ts = sorted(set(re.findall(r'(?m)^def (t\d+)\(', src)))
    lines = [f'def test_{name}(race, submission):', '    return_value = race(', '            lambda: submission.%s(),' % ('main' if 'main' in opts else 'setup')]
    for t in ts: lines.append(f'            lambda *s: submission.{t}(*s),')
    for p in ('always', 'at_end'):
        if re.search(rf'(?m)^def {p}\(', src): lines.append(f'            {p}=lambda *s: submission.{p}(*s),')
    for o in opts:
        if '=' in o: lines.append(f'            {o},')
    lines += ['        )']
    (d / f'test_{name}.py').write_text('\n'.join(lines) + '\n')
(work / 'conftest.py').write_text(f"""import json, pytest
from pytest_bankrace import RaceFailure
import pytest_bankrace.race as R
tell = R.Race._tell
def _tell(self, v):
    r = ''
    try: return tell(self, v)
    except RaceFailure as e: r = str(e); raise
    finally:
        with open({str(results)!r}, 'a') as f: f.write(json.dumps(dict(name=self._settings.test.rpartition('::')[2][5:], outcome=v.outcome.value, finding=type(v.finding).__name__ if v.finding else "", what=getattr(v.finding,"what",""), reason=v.reason, n=v.schedules, s=round(v.seconds,2), replay=v.replay, told=str(v), notes=list(v.notes), report=r))+"\\n")
R.Race._tell = _tell
""")
(work / 'pytest.ini').write_text('[pytest]\n')
t = time.time()
p = subprocess.run([a.py, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', str(work)], capture_output=True, text=True, cwd=work)
found = {}
if results.exists():
    for l in results.read_text().splitlines():
        r = json.loads(l); found[r['name']] = r
for name, expected, opts, src in cases:
    r = found.get(name)
    if r is None:
        print(f'?? {name}: expected {expected}, no verdict ***'); continue
    ok = r['outcome'].upper() in expected.upper().split('/') or r['finding'] in expected.split('/')
    print(f"{'ok' if ok else 'XX'} {name}: expected {expected}, got {r['told'].splitlines()[0] if r['told'] else r['outcome']} | {r['finding']} {r['what']} n={r['n']} {r['s']}s {r['notes'] or ''}")
    if a.v: print(r['report'])
if any(n not in found for n, *_ in cases): print(p.stdout[-6000:], p.stderr[-3000:])
if a.json: pathlib.Path(a.json).write_text(json.dumps({n: {k: v for k, v in r.items() if k not in ('s',)} for n, r in found.items()}, indent=1, sort_keys=True))
print('took', round(time.time() - t, 1), work)
