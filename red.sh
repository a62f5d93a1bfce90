cp "$1" "$1.bak"; python3 - "$1" "$2" "$3" <<'E'
import sys; p,o,n=sys.argv[1:]; s=open(p).read(); assert s.count(o)>=1,(p,o); open(p,'w').write(s.replace(o,n,1))
E
echo "== $2"; /work/main/.venv/bin/pytest $4 -q --no-header -p no:cacheprovider 2>&1 | grep -E "^(FAILED|ERROR)|passed|failed" | cut -c1-150 | head -5; mv "$1.bak" "$1"
