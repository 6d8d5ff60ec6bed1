package metadata

import (
	"crypto/rand"
	"fmt"
	"path/filepath"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/rows/source"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// localFile is the file with the data, read once: what is published about it and what is sealed. It prints as
// nothing, because its path and seed are secret.
type localFile struct {
	location   source.Location
	commitment source.Commitment
	columns    map[string]datapooltypes.ColumnType
}

func (*localFile) String() string   { return "(local file)" }
func (*localFile) GoString() string { return "(local file)" }

// readLocalFile commits to all rows with a fresh seed and looks at the values to tell the columns' types.
func readLocalFile(path, format string) (*localFile, error) {
	kind, err := formatOf(path, format)
	if err != nil {
		return nil, err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("--%s: %w", flagFile, err)
	}
	l := &localFile{location: source.Location{Path: abs, Format: kind}}
	rand.Read(l.location.Seed[:]) // it never fails
	if l.commitment, err = source.Commit(abs, kind, l.location.Seed); err != nil {
		return nil, fmt.Errorf("--%s: %w", flagFile, err)
	}
	if l.columns, err = columnTypes(l.location, l.commitment); err != nil {
		return nil, fmt.Errorf("--%s: %w", flagFile, err)
	}
	return l, nil
}

func formatOf(path, format string) (source.Format, error) {
	if format != "" {
		f, err := source.ParseFormat(format)
		if err != nil {
			return "", fmt.Errorf("--%s: %w", flagFileFormat, err)
		}
		return f, nil
	}
	f, err := source.FormatOf(path)
	if err != nil {
		return "", fmt.Errorf("the name of --%s does not tell its format; give --%s csv or jsonl", flagFile, flagFileFormat)
	}
	return f, nil
}

// describe hands what is public about the file to the import. Its name is public; the folder is not.
func (l *localFile) describe(o *document.Options) {
	c := l.commitment
	o.Header, o.Types = c.Columns, l.columns
	o.File = &types.File{
		Name:           filepath.Base(l.location.Path),
		EncodingFormat: mediaTypes[l.location.Format],
		ContentSize:    c.Size,
		Sha256:         c.SHA256[:],
	}
}

var mediaTypes = map[source.Format]string{source.CSV: "text/csv", source.JSONLines: "application/jsonl"}

func (l *localFile) rowCommitment() types.RowCommitment {
	return types.RowCommitment{Rows: l.commitment.Rows, Root: l.commitment.Root[:]}
}
