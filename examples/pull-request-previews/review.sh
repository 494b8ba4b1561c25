#!/usr/bin/env bash
# Reviews a pull request: what its program would do, and what changed in its data files.
# Writes preview.json, review.md and review.html, and fails if `pulumi up` would fail.
#
#   STACK   the stack to preview
#   BASE    the commit that the pull request is compared with
#   COMMIT  the commit to show in the review
set -euo pipefail

failed=0
rm -rf .before review.md review.html

# One preview is enough: the review puts its JSON into words. A failed preview prints its JSON too.
# --show-sames: resources that send nothing, but whose guard rails change.
pulumi preview --stack "$STACK" --json --show-sames >preview.json || failed=1

# Every data file that the pull request adds or changes. The earlier version keeps its name.
files=()
while IFS= read -r -d '' file; do
  if git cat-file -e "$BASE:$file" 2>/dev/null; then
    mkdir -p ".before/$(dirname "$file")"
    git show "$BASE:$file" >".before/$file"
    files+=(--from ".before/$file")
  fi
  files+=(--to "$file")
done < <(git diff --relative --name-only --no-renames --diff-filter=d -z "$BASE" -- 'data/*.csv')

# Columns of event logs. Repeat the three options for logs with other columns.
if [ "${#files[@]}" -gt 0 ]; then
  files+=(--case-id case_id --activity activity --timestamp timestamp)
fi

npx processmind-review --preview preview.json --fail-on-refusal "${files[@]}" \
  --commit "$COMMIT" --html review.html --markdown review.md || failed=1

if [ -s review.md ]; then cat review.md; fi
exit "$failed"
