package fixedpoint

import (
	"fmt"
	"math/bits"
)

// MaxText is the longest text of a number, in bytes.
const MaxText = 400

// number is a scanned decimal number: its absolute value is the digits of text[first:last] without the point, times 10^exponent.
type number struct {
	text        string
	first, last int
	digits      int // in text[first:last]
	exponent    int
	negative    bool
}

// scan reads the text of a decimal number.
func scan(text string) (number, error) {
	if len(text) > MaxText {
		return number{}, fmt.Errorf("%w: expected at most %d bytes, got more", ErrNumber, MaxText)
	}
	n := number{text: text}
	i := 0
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		n.negative = text[i] == '-'
		i++
	}
	n.first = i
	decimals, point := 0, false
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			n.digits++
			if point {
				decimals++
			}
			continue
		case c == '.' && !point:
			point = true
			continue
		}
		break
	}
	n.last = i
	if n.digits == 0 {
		return number{}, fmt.Errorf("%w: expected digits, got none", ErrNumber)
	}
	if i < len(text) && (text[i] == 'e' || text[i] == 'E') {
		exponent, end, err := scanExponent(text, i+1)
		if err != nil {
			return number{}, err
		}
		n.exponent, i = exponent, end
	}
	if i < len(text) {
		return number{}, fmt.Errorf("%w: expected digits with a decimal point and no separators, got another character at position %d", ErrNumber, i+1)
	}
	n.exponent -= decimals
	return n, nil
}

func scanExponent(text string, i int) (exponent, end int, err error) {
	negative := false
	if i < len(text) && (text[i] == '+' || text[i] == '-') {
		negative = text[i] == '-'
		i++
	}
	first := i
	for ; i < len(text) && text[i] >= '0' && text[i] <= '9'; i++ {
		if exponent < 10*MaxText {
			exponent = exponent*10 + int(text[i]-'0')
		}
	}
	if i == first {
		return 0, 0, fmt.Errorf("%w: exponent: expected digits, got none", ErrNumber)
	}
	if negative {
		exponent = -exponent
	}
	return exponent, i, nil
}

// scaled returns the absolute value times 10^decimals as a whole number, rounded half to even. exact reports whether nothing was
// rounded, fits whether the result is below 2^64; if it is not, v means nothing.
func (n number) scaled(decimals int) (v uint64, exact, fits bool) {
	exponent := n.exponent + decimals
	whole := n.digits + min(exponent, 0) // digits before the ones that are rounded away
	at, first, more := 0, byte(0), false // first of the digits that are rounded away; whether others follow that are not zero
	fits = true
	for i := n.first; i < n.last; i++ {
		digit := n.text[i]
		if digit == '.' {
			continue
		}
		digit -= '0'
		switch {
		case at < whole:
			var ok bool
			v, ok = timesTen(v, uint64(digit))
			fits = fits && ok
		case at == whole:
			first = digit
		default:
			more = more || digit != 0
		}
		at++
	}
	for ; exponent > 0 && v != 0 && fits; exponent-- {
		v, fits = timesTen(v, 0)
	}
	if first > 5 || first == 5 && (more || v%2 == 1) {
		v++
		fits = fits && v != 0
	}
	return v, first == 0 && !more, fits
}

func timesTen(v, digit uint64) (uint64, bool) {
	hi, lo := bits.Mul64(v, 10)
	sum, carry := bits.Add64(lo, digit, 0)
	return sum, hi == 0 && carry == 0
}
