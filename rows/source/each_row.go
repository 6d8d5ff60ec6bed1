package source

import (
	"errors"
	"io"
)

// EachRow calls fn with every row of a committed file in its canonical form, which is that of Commit and holds neither the seed nor the
// names of columns. The bytes are valid until fn returns, and count only if EachRow returns nil. The error is ErrChanged if the file is
// not the committed one.
func EachRow(c Committed, fn func(row []byte)) error {
	p, err := newPass(c.Path, c.Format, c.Seed, nil)
	if err != nil {
		return err
	}
	p.keep = true
	defer func() { _ = p.close() }()
	var row []byte
	for {
		chunk, k := p.next(), len(p.reader.columns())
		for i := range chunk.good {
			row = appendRow(row[:0], chunk.fields[k*i:k*(i+1)])
			fn(row)
		}
		switch err := chunk.end(); {
		case errors.Is(err, io.EOF):
			if err := p.verify(c.Rows, c.Root); !errors.Is(err, io.EOF) {
				return err
			}
			return nil
		case err != nil:
			return err
		}
	}
}
