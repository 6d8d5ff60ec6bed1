package jsonld

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// field is a member of an object that is written.
type field struct {
	key   string
	value any // string, bool, uint64, object, or []any of these
}

// object is an object whose members are written in this order.
type object []field

// with appends a member unless its value is empty.
func (o object) with(key string, value any) object {
	switch v := value.(type) {
	case nil:
		return o
	case string:
		if v == "" {
			return o
		}
	case []any:
		if len(v) == 0 {
			return o
		}
	case object:
		if len(v) == 0 {
			return o
		}
	}
	return append(o, field{key, value})
}

// bytes writes the object with two spaces of indentation. Strings are escaped so that the document can stand in a
// script element of a page: "<", ">" and "&" never occur.
func (o object) bytes() []byte {
	var b bytes.Buffer
	write(&b, o, "\n")
	b.WriteByte('\n')
	return b.Bytes()
}

func write(b *bytes.Buffer, value any, indent string) {
	switch v := value.(type) {
	case object:
		b.WriteByte('{')
		for i, f := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(indent + "  ")
			writeString(b, f.key)
			b.WriteString(": ")
			write(b, f.value, indent+"  ")
		}
		if len(v) > 0 {
			b.WriteString(indent)
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(indent + "  ")
			write(b, item, indent+"  ")
		}
		if len(v) > 0 {
			b.WriteString(indent)
		}
		b.WriteByte(']')
	case string:
		writeString(b, v)
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case uint64:
		b.WriteString(strconv.FormatUint(v, 10))
	}
}

func writeString(b *bytes.Buffer, s string) {
	// A string always marshals; bytes that are not UTF-8 become U+FFFD.
	quoted, _ := json.Marshal(s)
	b.Write(quoted)
}
