package source

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
)

type csvReader struct {
	csv    *csv.Reader
	limit  *recordLimit
	name   string
	header []string
}

func newCSVReader(r io.Reader, name string) (*csvReader, error) {
	limit := &recordLimit{r: r}
	buffered := bufio.NewReader(limit)
	limit.reset()
	if start, err := buffered.Peek(3); err == nil && bytes.Equal(start, []byte("\xef\xbb\xbf")) {
		_, _ = buffered.Discard(3)
	}
	c := csv.NewReader(buffered)
	c.ReuseRecord = true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w: expected a line of names, got an empty file", name, ErrHeader)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", name, ErrHeader, csvFault(err))
	}
	out := &csvReader{csv: c, limit: limit, name: name, header: append([]string(nil), header...)}
	if err := checkColumns(out.header, name); err != nil {
		return nil, err
	}
	return out, nil
}

func (c *csvReader) columns() []string { return c.header }

// next spells a row as the commitment does.
func (c *csvReader) next(buf []byte) ([]byte, int, error) {
	c.limit.reset()
	record, err := c.csv.Read()
	if errors.Is(err, io.EOF) {
		return buf, 0, io.EOF
	}
	if err != nil {
		return buf, 0, fmt.Errorf("%s: %w: %s", c.name, ErrRow, csvFault(err))
	}
	line, _ := c.csv.FieldPos(0)
	for _, text := range record {
		buf = appendText(buf, text)
	}
	return buf, line, nil
}

func (c *csvReader) fields(spelled string, _ int, row []Field) error {
	for i := range row {
		text := spelled[textStart:]
		n := int(binary.BigEndian.Uint32([]byte(spelled[1:textStart])))
		row[i], spelled = Field{Text: text[:n]}, text[n:]
	}
	return nil
}

// csvFault names the line and the fault, and quotes nothing of the file.
func csvFault(err error) string {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return fmt.Sprintf("line %d: %s", parse.Line, parse.Err)
	}
	return withoutPath(err).Error()
}

var errRecordTooLong = fmt.Errorf("bytes of a row: expected at most %d, got more; is a quote left open?", MaxRecordBytes)

// recordLimit ends reading if a record is too long, as after a quote that is never closed. Without it encoding/csv would read the
// rest of the file into memory.
type recordLimit struct {
	r    io.Reader
	left int
}

// reset starts the allowance of the next record. Bytes that earlier reads took ahead do not count; they are few.
func (l *recordLimit) reset() { l.left = MaxRecordBytes }

func (l *recordLimit) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errRecordTooLong
	}
	n, err := l.r.Read(p)
	l.left -= n
	return n, err
}
