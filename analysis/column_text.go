package analysis

import (
	"fmt"
	"strconv"
	"strings"
)

// ParseColumn reads a column from a text such as "popul:decimals=1,bits=17,log=0.1": the name, and after the last colon members of
// [Column] by their names in JSON. Bits is 32 unless the text has it. The error is ErrParameters.
func ParseColumn(text string) (Column, error) {
	c := Column{Name: text, Bits: 32}
	at := strings.LastIndex(text, ":")
	if at < 0 {
		return c, nil
	}
	c.Name = text[:at]
	for _, member := range strings.Split(text[at+1:], ",") {
		key, value, ok := strings.Cut(member, "=")
		if !ok {
			return Column{}, fmt.Errorf("%w: column %q: expected key=value, got %q", ErrParameters, c.Name, member)
		}
		var err error
		switch strings.TrimSpace(key) {
		case "offset":
			c.Offset, err = strconv.ParseInt(value, 10, 64)
		case "decimals":
			err = parseSmall(value, &c.Decimals)
		case "bits":
			err = parseSmall(value, &c.Bits)
		case "lower":
			c.Lower = value
		case "upper":
			c.Upper = value
		case "width":
			c.Width = value
		case "bins":
			c.Bins, err = strconv.Atoi(value)
		case "log":
			c.Log = value
		case "scale":
			c.Scale = value
		default:
			return Column{}, fmt.Errorf("%w: column %q: key: expected offset, decimals, bits, lower, upper, width, bins, log or scale, got %q", ErrParameters, c.Name, key)
		}
		if err != nil {
			return Column{}, fmt.Errorf("%w: column %q: %s: expected a whole number in range, got %q", ErrParameters, c.Name, key, value)
		}
	}
	return c, nil
}

func parseSmall(text string, to *uint8) error {
	v, err := strconv.ParseUint(text, 10, 8)
	*to = uint8(v)
	return err
}
