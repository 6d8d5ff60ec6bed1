package publisher

import (
	"crypto/rand"
	"maps"
	"path/filepath"
	"slices"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/rows/source"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// File is a local file with data that was read once: what is public about it, and where it lies. It prints as nothing
// else, because its path and the seed of its commitment are secret.
type File struct {
	location   source.Location
	commitment source.Commitment
	columns    map[string]datapooltypes.ColumnType
	profiles   []source.ColumnProfile
}

// String implements fmt.Stringer.
func (*File) String() string { return "(local file)" }

// GoString implements fmt.GoStringer.
func (*File) GoString() string { return "(local file)" }

// ReadFile commits to all rows of a file with a new seed, and finds the types of its columns from all values. The
// empty format takes the one that the file's name has; an error of source.ErrFormat means that the name has none.
func ReadFile(path string, format source.Format) (*File, error) {
	if format == "" {
		var err error
		if format, err = source.FormatOf(path); err != nil {
			return nil, err
		}
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	f := &File{location: source.Location{Path: abs, Format: format}}
	rand.Read(f.location.Seed[:]) // it never fails
	if f.commitment, err = source.Commit(abs, format, f.location.Seed); err != nil {
		return nil, err
	}
	if f.columns, f.profiles, err = columnTypes(f.location, f.commitment); err != nil {
		return nil, err
	}
	return f, nil
}

// Rows is the number of rows.
func (f *File) Rows() uint64 { return f.commitment.Rows }

// ColumnTypes are the types that all values of a column have, by the column's name; unspecified for a column without
// values.
func (f *File) ColumnTypes() map[string]datapooltypes.ColumnType { return maps.Clone(f.columns) }

// Profiles say what stands in each column, for the owner alone: they are part of no record.
func (f *File) Profiles() []source.ColumnProfile { return slices.Clone(f.profiles) }

// describe gives the import what is public about the file. Its name is public; the folder is not.
func (f *File) describe(o *document.Options) {
	c := f.commitment
	o.Header, o.Types = c.Columns, f.ColumnTypes()
	o.File = &types.File{
		Name:           filepath.Base(f.location.Path),
		EncodingFormat: mediaTypes[f.location.Format],
		ContentSize:    c.Size,
		Sha256:         c.SHA256[:],
	}
}

var mediaTypes = map[source.Format]string{source.CSV: "text/csv", source.JSONLines: "application/jsonl"}

func (f *File) rowCommitment() types.RowCommitment {
	return types.RowCommitment{Rows: f.commitment.Rows, Root: f.commitment.Root[:]}
}
