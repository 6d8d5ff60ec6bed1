package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// Limits of a document.
const (
	// MaxBytes is the greatest size of a document.
	MaxBytes = 64 << 10
	// MaxDepth is the deepest nesting of objects and arrays.
	MaxDepth = 32
)

// Errors of reading, matched with errors.Is.
var (
	ErrTooLarge     = errors.New("document is too large")
	ErrNotUTF8      = errors.New("document is not UTF-8")
	ErrSyntax       = errors.New("document is not JSON")
	ErrTooDeep      = errors.New("document is nested too deeply")
	ErrDuplicateKey = errors.New("document has a key twice")
)

// Kind is the kind of a JSON value.
type Kind uint8

// The kinds of JSON values.
const (
	Null Kind = iota
	Bool
	Number
	String
	Array
	Object
)

// Value is a JSON value as it was written: members keep their order and numbers stay text.
type Value struct {
	Kind    Kind
	Text    string // of a string, a number, or "true" and "false"
	Items   []*Value
	Members []Member

	parent *Value
	key    string // of a member
	index  int    // of an item, -1 for a member
}

// Member is a key of an object with its value.
type Member struct {
	Key   string
	Value *Value
}

// Member returns the value of a key, or nil.
func (v *Value) Member(key string) *Value {
	for _, m := range v.Members {
		if m.Key == key {
			return m.Value
		}
	}
	return nil
}

// Read reads one JSON value strictly. It refuses what encoding/json accepts without a word: a key that occurs twice in
// an object, bytes that are not UTF-8, half a surrogate pair, nesting beyond MaxDepth, more than MaxBytes and anything
// after the value. A byte order mark at the start is skipped.
func Read(doc []byte) (*Value, error) {
	if len(doc) > MaxBytes {
		return nil, fmt.Errorf("%w: expected at most %d bytes, got %d", ErrTooLarge, MaxBytes, len(doc))
	}
	if !utf8.Valid(doc) {
		return nil, fmt.Errorf("%w: expected UTF-8, got another encoding at byte %d", ErrNotUTF8, invalidByte(doc))
	}
	doc = bytes.TrimPrefix(doc, []byte("\xef\xbb\xbf"))
	// The depth comes first, so that no parser recurses on hostile input.
	if err := checkDepth(doc); err != nil {
		return nil, err
	}
	if err := checkSyntax(doc); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	v, err := readValue(d, &Value{index: -1})
	if err != nil {
		return nil, err
	}
	return v, nil
}

func invalidByte(doc []byte) int {
	for i := 0; i < len(doc); {
		r, n := utf8.DecodeRune(doc[i:])
		if r == utf8.RuneError && n <= 1 {
			return i
		}
		i += n
	}
	return len(doc)
}

func checkDepth(doc []byte) error {
	depth, quoted := 0, false
	for i := 0; i < len(doc); i++ {
		switch c := doc[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return fmt.Errorf("%w: expected at most %d levels, got more at %s", ErrTooDeep, MaxDepth, position(doc, i))
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return nil
}

func checkSyntax(doc []byte) error {
	var raw json.RawMessage
	if err := json.Unmarshal(doc, &raw); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return fmt.Errorf("%w: %s at %s", ErrSyntax, syntax.Error(), position(doc, int(syntax.Offset)-1))
		}
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	return checkSurrogates(doc)
}

// checkSurrogates refuses \uD800 to \uDFFF that form no pair: they stand for no character, and decoders silently
// put another one in their place.
func checkSurrogates(doc []byte) error {
	for i := 0; i+1 < len(doc); i++ {
		if doc[i] != '\\' {
			continue
		}
		if doc[i+1] != 'u' {
			i++
			continue
		}
		unit := hexUnit(doc, i)
		if unit < 0xd800 || unit > 0xdfff {
			continue
		}
		low := -1
		if unit < 0xdc00 && i+7 < len(doc) && doc[i+6] == '\\' && doc[i+7] == 'u' {
			low = hexUnit(doc, i+6)
		}
		if low < 0xdc00 || low > 0xdfff {
			return fmt.Errorf("%w: expected a surrogate pair, got half of one at %s", ErrNotUTF8, position(doc, i))
		}
		i += 11
	}
	return nil
}

// hexUnit reads the four digits of the escape \uXXXX that starts at i, or returns -1.
func hexUnit(doc []byte, i int) int {
	if i+6 > len(doc) {
		return -1
	}
	unit := 0
	for _, c := range doc[i+2 : i+6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			unit = unit<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			unit = unit<<4 | int(c-'A'+10)
		default:
			return -1
		}
	}
	return unit
}

// position gives the line and column of a byte, both from 1; columns count bytes.
func position(doc []byte, at int) string {
	at = max(0, min(at, len(doc)))
	line := 1 + bytes.Count(doc[:at], []byte("\n"))
	return fmt.Sprintf("line %d column %d", line, at-bytes.LastIndexByte(doc[:at], '\n'))
}

// readValue fills v, which knows its place already.
func readValue(d *json.Decoder, v *Value) (*Value, error) {
	token, err := d.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return v, readObject(d, v)
		}
		return v, readArray(d, v)
	case string:
		v.Kind, v.Text = String, t
	case json.Number:
		v.Kind, v.Text = Number, t.String()
	case bool:
		v.Kind, v.Text = Bool, strconv.FormatBool(t)
	}
	return v, nil
}

func readArray(d *json.Decoder, v *Value) error {
	v.Kind = Array
	for d.More() {
		item, err := readValue(d, &Value{parent: v, index: len(v.Items)})
		if err != nil {
			return err
		}
		v.Items = append(v.Items, item)
	}
	return closing(d)
}

func readObject(d *json.Decoder, v *Value) error {
	v.Kind = Object
	seen := make(map[string]bool)
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return fmt.Errorf("%w: %w", ErrSyntax, err)
		}
		key, ok := token.(string)
		if !ok {
			return fmt.Errorf("%w: expected a string as the key of an object, got %v", ErrSyntax, token)
		}
		if seen[key] {
			twice := &Value{parent: v, key: key, index: -1}
			return fmt.Errorf("%w: expected %s once, got it twice", ErrDuplicateKey, twice.Path())
		}
		seen[key] = true
		child, err := readValue(d, &Value{parent: v, key: key, index: -1})
		if err != nil {
			return err
		}
		v.Members = append(v.Members, Member{Key: key, Value: child})
	}
	return closing(d)
}

func closing(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("%w: %w", ErrSyntax, err)
	}
	return nil
}
