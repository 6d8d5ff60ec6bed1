package document

import (
	"encoding/hex"
	"fmt"
	"math/big"
	"net/url"
	"path"
	"regexp"
	"strings"

	"github.com/alita-network/alita/x/metadata/jsonld/vocab"
	"github.com/alita-network/alita/x/metadata/types"
)

// distribution maps the descriptions of files. If the local file is known, it is the record's only file and its own
// description counts; a different checksum in the document refuses the record.
func (im *importer) distribution(values []node) {
	var files []types.File
	var at []*Value
	for _, n := range values {
		if n.v.Kind != Object {
			if _, ok := im.link(n); ok {
				im.note(n.v, "not carried: the address of the data; readers are given an address of the chain's gateways")
			}
			continue
		}
		if im.graph.is(n, "cr:FileSet", "FileSet") {
			im.drop(n.v, "a set of files; a record describes single files")
			continue
		}
		if f, ok := im.file(n); ok {
			files, at = append(files, f), append(at, n.v)
		}
	}
	if im.opts.File == nil {
		for i, f := range files {
			im.from(fmt.Sprintf("$.files[%d]", len(im.out.Files)), at[i])
			im.out.Files = append(im.out.Files, f)
		}
		return
	}
	im.out.Files = []types.File{*im.opts.File}
	match := im.matching(files)
	for i, f := range files {
		if i != match {
			im.note(at[i], "not carried: %q is another file than the one given", printable(f.Name, 60))
			continue
		}
		im.from("$.files[0]", at[i])
		if len(f.Sha256) > 0 && !strings.EqualFold(hex.EncodeToString(f.Sha256), hex.EncodeToString(im.opts.File.Sha256)) {
			im.refuse(at[i], flagFile, "sha256: expected the file's, %x, got %x", im.opts.File.Sha256, f.Sha256)
		}
	}
}

// matching returns the index of the description of the local file, found by checksum, by name, or because there is
// only one; -1 if there is none.
func (im *importer) matching(files []types.File) int {
	local := im.opts.File
	for i, f := range files {
		if len(f.Sha256) > 0 && string(f.Sha256) == string(local.Sha256) {
			return i
		}
	}
	for i, f := range files {
		if f.Name == local.Name {
			return i
		}
	}
	if len(files) == 1 {
		return 0
	}
	return -1
}

// file maps a DataDownload or FileObject. Repositories that stand for many files have no bytes of their own.
func (im *importer) file(n node) (types.File, bool) {
	im.inspect(n.v)
	var f types.File
	address := ""
	for _, p := range im.props(n, "encodingFormat", "fileFormat") {
		text, _, _, ok := im.text(p)
		if !ok {
			continue
		}
		if strings.HasPrefix(trim(text), "git+") {
			im.drop(n.v, "a repository and no file")
			return f, false
		}
		if media, ok := mediaType(text); ok && f.EncodingFormat == "" {
			im.settle(p.v)
			f.EncodingFormat = media
			if _, parameters, found := strings.Cut(text, ";"); found {
				im.note(p.v, "not carried: %q; a media type is kept without parameters", printable(trim(parameters), 40))
			}
		}
	}
	for _, p := range im.props(n, "contentUrl", "url") {
		if text, _, _, ok := im.text(p); ok {
			if address == "" {
				address = trim(text)
			}
			if !vocab.IsDerivedAddress(text) {
				im.note(p.v, "not carried: the address of the data; readers are given an address of the chain's gateways")
			}
			im.settle(p.v)
		}
	}
	f.Name = fileName(im.firstText(n, "name"), address, im.graph.id(n))
	for _, p := range im.props(n, "contentSize") {
		if text, _, _, ok := im.text(p); ok {
			im.settle(p.v)
			if size, ok := byteSize(text); ok {
				f.ContentSize = size
			} else {
				im.note(p.v, "not carried: %q is no whole number of bytes", printable(text, 40))
			}
		}
	}
	f.Sha256 = im.sha256(n)
	return f, true
}

// sha256 reads the checksum, also in the form of SPDX.
func (im *importer) sha256(n node) []byte {
	var out []byte
	read := func(p node) {
		text, _, _, ok := im.text(p)
		if !ok {
			return
		}
		sum, err := hex.DecodeString(strings.ToLower(trim(text)))
		if err != nil || len(sum) != types.ChecksumSize {
			im.note(p.v, "not carried: %q is no SHA-256 checksum of 64 hexadecimal digits", printable(text, 80))
		} else if out == nil {
			out = sum
		}
		im.settle(p.v)
	}
	for _, p := range im.props(n, "sha256", "cr:sha256") {
		read(p)
	}
	for _, c := range im.props(n, "spdx:checksum") {
		if c.v.Kind != Object || !im.isSHA256(c) {
			continue
		}
		im.inspect(c.v)
		for _, p := range im.props(c, "spdx:algorithm", "spdx:checksumAlgorithm") {
			im.settle(p.v)
		}
		for _, p := range im.props(c, "spdx:checksumValue") {
			read(p)
		}
	}
	return out
}

func (im *importer) isSHA256(checksum node) bool {
	for _, m := range checksum.v.Members {
		switch checksum.sc.term(m.Key) {
		case "spdx:algorithm", "spdx:checksumAlgorithm":
			name := m.Value.Text
			if m.Value.Kind == Object {
				name = im.graph.id(node{m.Value, checksum.sc})
			}
			return strings.HasSuffix(strings.ToLower(strings.ReplaceAll(name, "-", "")), "sha256")
		}
	}
	return false
}

// fileName chooses a bare name: the name itself, or the last part of the address or of the @id.
func fileName(name, address, id string) string {
	if name = normalize(name, false); name != "" && !strings.ContainsAny(name, `/\`) {
		return name
	}
	for _, candidate := range [...]string{name, pathOf(address), pathOf(id)} {
		base := normalize(candidate[strings.LastIndexAny(candidate, `/\`)+1:], false)
		if base != "" && base != "." && base != ".." {
			return base
		}
	}
	return ""
}

func pathOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return path.Clean(u.Path)
}

var mediaNames = map[string]string{
	"csv": "text/csv", ".csv": "text/csv", "text/comma-separated-values": "text/csv", "application/csv": "text/csv",
	"tsv": "text/tab-separated-values", ".tsv": "text/tab-separated-values", "text/tsv": "text/tab-separated-values",
	"json": "application/json", "jsonl": "application/jsonl", "json lines": "application/jsonl",
	"application/jsonlines": "application/jsonl", "zip": "application/zip", "parquet": "application/vnd.apache.parquet",
	"application/x-parquet": "application/vnd.apache.parquet", "xml": "application/xml", "txt": "text/plain", "text": "text/plain",
	"https://www.iana.org/assignments/media-types/text/csv": "text/csv",
}

// mediaType reads a media type without its parameters, and the usual names of formats.
func mediaType(s string) (string, bool) {
	s = strings.ToLower(trim(s))
	if to, ok := mediaNames[s]; ok {
		return to, true
	}
	s = strings.TrimPrefix(s, "https://www.iana.org/assignments/media-types/")
	s = strings.TrimPrefix(s, "http://www.iana.org/assignments/media-types/")
	s, _, _ = strings.Cut(s, ";")
	s = trim(s)
	return s, types.ValidateMediaType(s) == nil
}

var sizeForm = regexp.MustCompile(`^(\d{1,20}(?:[,_ ]\d{3})*(?:\.\d{1,6})?)\s*([a-z]*)$`)

var sizeUnits = map[string]int64{
	"": 1, "b": 1, "byte": 1, "bytes": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40,
}

// byteSize reads a size such as 4026, "117743 B" or "1.5 kB", and reports whether it is a whole number of bytes.
func byteSize(s string) (uint64, bool) {
	m := sizeForm.FindStringSubmatch(strings.ToLower(trim(s)))
	if m == nil {
		return 0, false
	}
	unit, ok := sizeUnits[m[2]]
	if !ok {
		return 0, false
	}
	n, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", "_", "", " ", "").Replace(m[1]))
	if !ok {
		return 0, false
	}
	n.Mul(n, new(big.Rat).SetInt64(unit))
	if !n.IsInt() || !n.Num().IsUint64() || n.Num().Uint64() > types.MaxFileBytes {
		return 0, false
	}
	return n.Num().Uint64(), true
}
