#!/usr/bin/env bash
# Builds what a release offers into build/release: an archive for each program and platform, with the
# list of its components (CycloneDX) and all licences, and the checksums of the archives.
# make release calls it; docs/adr/0009-releases.md says why it is so.
#
#   release.sh VERSION LDFLAGS PLATFORM...
#
# SOURCE_DATE_EPOCH is the time of the files in the archives, else that of the commit, else 0.
# SIGN is a command that signs the checksums: it is called with the file's name, for example
# SIGN="gpg --armor --detach-sign" or SIGN="minisign -S -m". ONLY=alita-worker leaves the node out.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$1 ldflags=$2; shift 2
out=build/release
commit_time=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
rm -rf "$out"; mkdir -p "$out"

# components BINARY: the modules that a binary was made of, as CycloneDX.
components() {
	go version -m -json "$1" | jq -S --arg version "$version" '{
		bomFormat: "CycloneDX", specVersion: "1.6", version: 1,
		metadata: {component: {type: "application", name: .Path, version: $version}},
		components: ([{type: "library", name: "std", version: .GoVersion, purl: ("pkg:golang/std@" + (.GoVersion | ltrimstr("go")))}] +
			[.Deps[]? | (.Replace // .) | {type: "library", name: .Path, version: .Version, purl: ("pkg:golang/" + .Path + "@" + .Version)}])
	}'
}

# licences BINARY: the licence and notice files of every module that a binary was made of, and of data of others
# that this source holds (the Unicode tables of terms/text).
licences() {
	echo "Alita is under the Apache License 2.0 (LICENSE). The binary contains:"
	printf '\n==== Go standard library\n\n'
	cat "$(go env GOROOT)/LICENSE"
	for file in $(find . \( -name testdata -o -name node_modules -o -name third_party -o -name build -o -name '.?*' \) -prune -o \
		-type f -name '*-LICENSE' -print | LC_ALL=C sort); do
		printf '\n==== Alita, data in %s\n\n' "$(dirname "${file#./}")"
		cat "$file"
	done
	# From the module cache: what was linked is there.
	go version -m -json "$1" | jq -r '.Deps[]? | .Path + " " + ((.Replace // .) | .Path + "@" + .Version)' | sort | while read -r path module; do
		dir=$(go list -m -f '{{.Dir}}' "$path") # of the module that replaces it, if one does
		files=$(find "$dir" -maxdepth 2 -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' \) | LC_ALL=C sort)
		[ -n "$files" ] || { echo "release: no licence file in $module" >&2; exit 1; }
		for file in $files; do
			printf '\n==== %s, %s\n\n' "$module" "${file#"$dir"/}"
			cat "$file"
		done
	done
}

# pack NAME PROGRAM: an archive of a folder with a program in it, the same for the same files.
pack() {
	local name=$1 program=$2 dir=$out/$1
	components "$dir/$program" > "$dir/components.cdx.json"
	licences "$dir/$program" > "$dir/THIRD-PARTY-LICENCES.txt"
	cp LICENSE "$dir/"
	if go version -m "$dir/$program" | grep -q 'github.com/zondax/hid' && go version -m "$dir/$program" | grep -q -- '-tags=.*ledger'; then
		cat > "$dir/LIBUSB.txt" <<-TEXT
			This program contains libusb, which is under the GNU Lesser General Public License 2.1. Its text is in
			THIRD-PARTY-LICENCES.txt. You may use the program with another libusb: take the source of this release,
			copy the module github.com/zondax/hid, change libusb in it, and run
			"go mod edit -replace github.com/zondax/hid=FOLDER" and "make release". Without the build tag "ledger"
			the program has no libusb and no support of hardware wallets.
		TEXT
	fi
	tar --sort=name --mtime="@$commit_time" --owner=0 --group=0 --numeric-owner --mode=go=rX,u+rw -C "$out" -cf - "$name" | gzip -n > "$out/$name.tar.gz"
	rm -r "$dir"
}

# A position-independent program, and tables of functions that are read-only once it runs.
hardened=(-buildmode=pie)
if [ "$(go env GOOS)" = linux ]; then
	hard_linker="-bindnow -linkmode=external -extldflags=-Wl,-z,relro,-z,now,--build-id=none"
else
	hard_linker=""
fi

if [ "${ONLY:-}" != alita-worker ]; then
	name="alitad-$version-$(go env GOOS)-$(go env GOARCH)"
	mkdir -p "$out/$name"
	if [ "$(go env CGO_ENABLED)" = 1 ]; then
		go build "${hardened[@]}" -ldflags "$ldflags $hard_linker" -o "$out/$name/" ./cmd/alitad
	else
		go build -ldflags "$ldflags" -o "$out/$name/" ./cmd/alitad
	fi
	pack "$name" alitad
fi
for platform in "$@"; do
	name="alita-worker-$version-${platform%/*}-${platform#*/}"
	mkdir -p "$out/$name"
	# Pure Go: its own linker makes it position-independent where the system wants no C linker.
	mode=pie; [ "${platform%/*}" = windows ] && mode=exe
	CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath" GOOS=${platform%/*} GOARCH=${platform#*/} \
		go build -buildmode=$mode -ldflags "$ldflags -bindnow" -o "$out/$name/" ./cmd/alita-worker
	pack "$name" alita-worker
done
(cd "$out" && sha256sum -- *.tar.gz > SHA256SUMS)
[ -z "${SIGN:-}" ] || (cd "$out" && $SIGN SHA256SUMS)
ls -l "$out"
