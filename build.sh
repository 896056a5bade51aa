#!/bin/sh
# Builds the hub's image, and with --push makes it the one that ArgoCD deploys. `./build.sh --help` says how.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
seed=$root/deploy/assets-seed
pins=$root/deploy/kubernetes/base/kustomization.yaml
manifest=$root/manifests/hub.yaml

usage() {
    cat <<'TEXT'
Usage: ./build.sh vX.Y.Z [--push] [--assets DIR]

Builds the hub's image with docker, podman or buildah, whichever is there.

  --push        pushes the image, and pins its tag in deploy/kubernetes/base/kustomization.yaml and manifests/hub.yaml;
                commit both, and ArgoCD deploys it. Needs a clean tree, and kustomize or kubectl.
  --assets DIR  where *-logo.svg, *-logo.png and *-screenshot-*.webp come from, which the image brings along; without it
                ../website/assets where that is there, else what deploy/assets-seed has.

Ends with 2 where it refuses; otherwise with what the builder ends with.
TEXT
}

refuse() {
    echo "build.sh: $*" >&2
    exit 2
}

read_arguments() {
    tag='' push='' assets=''
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help) usage; exit 0 ;;
        --push) push=yes ;;
        --assets)
            [ $# -gt 1 ] || refuse "--assets wants a directory"
            assets=$2
            shift
            [ -d "$assets" ] || refuse "--assets $assets is not a directory"
            ;;
        -*) refuse "there is no option $1; see ./build.sh --help" ;;
        *)
            [ -z "$tag" ] || refuse "one tag at a time: $tag or $1"
            tag=$1
            ;;
        esac
        shift
    done
    [ -n "$tag" ] || refuse "which version? ./build.sh vX.Y.Z [--push]"
    number='(0|[1-9][0-9]*)'
    case $tag in
    *[!0-9A-Za-z.-]*) sound=no ;;
    *) printf '%s\n' "$tag" | grep -Eqx "v$number\\.$number\\.$number(-[0-9A-Za-z.-]{1,64})?" && sound=yes || sound=no ;;
    esac
    [ "$sound" = yes ] || refuse "\"$tag\" is no tag such as v1.2.3 or v1.2.3-rc.1"
    if [ -z "$assets" ] && [ -d "$root/../website/assets" ]; then assets=$root/../website/assets; fi
}

find_builder() {
    for builder in docker podman buildah; do
        if command -v "$builder" >/dev/null; then return 0; fi
    done
    refuse "neither docker nor podman nor buildah is here to build the image with"
}

refuse_dirty_tree() {
    changed=$(git -C "$root" status --porcelain 2>/dev/null) || refuse "only a git checkout can be pushed: the image names its commit"
    [ -z "$changed" ] || refuse "commit first: $(printf '%s\n' "$changed" | wc -l) changed or new files here are in no commit"
}

# The seed has then, of these names, the files of $assets and no others.
sync_assets() {
    set -- "$assets"/*-logo.svg "$assets"/*-logo.png "$assets"/*-screenshot-*.webp
    for file; do
        shift
        if [ -f "$file" ]; then set -- "$@" "$file"; fi
    done
    [ $# -gt 0 ] || refuse "$assets has no *-logo.svg, *-logo.png or *-screenshot-*.webp"
    rm -f "$seed"/*-logo.svg "$seed"/*-logo.png "$seed"/*-screenshot-*.webp
    cp "$@" "$seed/"
    echo "Assets: $# files of $assets"
}

build() {
    revision=$(git -C "$root" rev-parse HEAD 2>/dev/null) || revision=unknown
    set -- build --file "$root/deploy/Dockerfile" --tag "$image:$tag" --build-arg "VERSION=$tag" --build-arg "REVISION=$revision"
    # Of the two formats only Docker's knows a health check.
    if [ "$builder" != docker ]; then set -- "$@" --format docker; fi
    "$builder" "$@" "$root"
}

pin() {
    sed "s/^\( *newTag: *\).*/\1$tag/" "$pins" >"$draft"
    cat "$draft" >"$pins"
    "$root/tools/render-manifests" >"$draft"
    cat "$draft" >"$manifest"
    echo "Pinned $tag in ${pins#"$root"/} and ${manifest#"$root"/}: commit both, and ArgoCD deploys it."
}

read_arguments "$@"
find_builder
image=$(sed -n 's/^ *newName: *//p' "$pins")
if [ -n "$push" ]; then
    refuse_dirty_tree
    draft=$(mktemp)
    trap 'rm -f "$draft"' EXIT
    "$root/tools/render-manifests" >"$draft" || refuse "the manifests cannot be rendered, so nothing was built"
fi
if [ -n "$assets" ]; then sync_assets; fi
# An asset that is under version control has to be committed as well.
if [ -n "$push" ]; then refuse_dirty_tree; fi
build
echo "Built $image:$tag"
if [ -n "$push" ]; then
    "$builder" push "$image:$tag"
    pin
fi
