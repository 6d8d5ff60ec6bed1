package source

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

type jsonReader struct {
	lines *bufio.Reader
	name  string
	line  int
	names []string
	index map[string]int
	first []byte // the first row, read to learn the columns
}

func newJSONReader(r io.Reader, name string) (*jsonReader, error) {
	j := &jsonReader{lines: bufio.NewReaderSize(r, 64<<10), name: name}
	raw, err := j.nextLine()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: %w: expected a JSON object, got an empty file", name, ErrHeader)
	}
	if err != nil {
		return nil, err
	}
	j.first = bytes.Clone(raw)
	fault := eachMember(raw, func(key string, _ Field) string {
		j.names = append(j.names, key)
		return ""
	})
	if fault != "" {
		return nil, j.rowError(j.line, fault)
	}
	if err := checkColumns(j.names, name); err != nil {
		return nil, err
	}
	j.index = make(map[string]int, len(j.names))
	for i, n := range j.names {
		j.index[n] = i
	}
	return j, nil
}

func (j *jsonReader) columns() []string { return j.names }

// next spells a row as the file does.
func (j *jsonReader) next(buf []byte) ([]byte, int, error) {
	if j.first != nil {
		buf = append(buf, j.first...)
		j.first = nil
		return buf, j.line, nil
	}
	raw, err := j.nextLine()
	if err != nil {
		return buf, 0, err
	}
	return append(buf, raw...), j.line, nil
}

func (j *jsonReader) fields(spelled string, line int, row []Field) error {
	seen := make([]bool, len(row))
	for i := range row {
		row[i] = Field{Null: true}
	}
	fault := eachMember([]byte(spelled), func(key string, value Field) string {
		i, ok := j.index[key]
		if !ok {
			return "members: expected only those of the first line, got another"
		}
		if seen[i] {
			return "members: expected each once, got one twice"
		}
		row[i], seen[i] = value, true
		return ""
	})
	if fault != "" {
		return j.rowError(line, fault)
	}
	return nil
}

// nextLine returns the next line that is not blank, in memory bounded by MaxRecordBytes. The slice is valid
// until the next call.
func (j *jsonReader) nextLine() ([]byte, error) {
	for {
		raw, err := j.readLine()
		if err != nil {
			return nil, err
		}
		if len(bytes.TrimSpace(raw)) > 0 {
			return raw, nil
		}
	}
}

func (j *jsonReader) readLine() ([]byte, error) {
	part, err := j.lines.ReadSlice('\n')
	j.line++
	long := []byte(nil)
	for errors.Is(err, bufio.ErrBufferFull) {
		long = append(long, part...)
		if len(long) > MaxRecordBytes {
			return nil, j.rowError(j.line, fmt.Sprintf("bytes: expected at most %d, got more", MaxRecordBytes))
		}
		part, err = j.lines.ReadSlice('\n')
	}
	if long != nil {
		part = append(long, part...)
	}
	if err != nil && !(errors.Is(err, io.EOF) && len(part) > 0) {
		if errors.Is(err, io.EOF) {
			return nil, io.EOF
		}
		return nil, fmt.Errorf("%s: %w: line %d: %w", j.name, ErrRow, j.line, withoutPath(err))
	}
	if len(part) > MaxRecordBytes {
		return nil, j.rowError(j.line, fmt.Sprintf("bytes: expected at most %d, got more", MaxRecordBytes))
	}
	return part, nil
}

func (j *jsonReader) rowError(line int, fault string) error {
	return fmt.Errorf("%s: %w: line %d: %s", j.name, ErrRow, line, fault)
}

const notAnObject = "expected one JSON object, got something else"

// eachMember calls visit for the members of the object in raw, in their order. It returns "", or the fault in
// words that quote nothing.
func eachMember(raw []byte, visit func(key string, value Field) string) string {
	if !utf8.Valid(raw) {
		return "expected UTF-8, got other bytes"
	}
	if !json.Valid(raw) {
		return notAnObject
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return notAnObject
	}
	for d.More() {
		t, err := d.Token()
		key, ok := t.(string)
		if err != nil || !ok {
			return notAnObject
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return notAnObject
		}
		field, err := jsonField(value)
		if err != nil {
			return notAnObject
		}
		if fault := visit(key, field); fault != "" {
			return fault
		}
	}
	return ""
}

// jsonField returns the field of a JSON value: null for null, the content of a string, and every other token as it is spelled.
func jsonField(value json.RawMessage) (Field, error) {
	value = bytes.TrimSpace(value)
	switch {
	case len(value) == 0:
		return Field{}, errors.New("empty")
	case value[0] == '"':
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			return Field{}, err
		}
		return Field{Text: s}, nil
	case value[0] == 'n':
		return Field{Null: true}, nil
	}
	return Field{Text: string(value)}, nil
}
