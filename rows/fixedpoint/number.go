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
	digits, decimals, point := 0, 0, false
	for ; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
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
	if digits == 0 {
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

// scaled returns the absolute value times 10^decimals, which must be whole and below 2^64.
func (n number) scaled(decimals int) (uint64, error) {
	last, exponent := n.last, n.exponent+decimals
	// Zeros at the end make up for a negative exponent.
	for ; exponent < 0 && last > n.first; last-- {
		switch n.text[last-1] {
		case '.':
		case '0':
			exponent++
		default:
			return 0, fmt.Errorf("%w: expected at most the %d of the column, got more", ErrDecimals, decimals)
		}
	}
	var v uint64
	for i := n.first; i < last; i++ {
		if n.text[i] == '.' {
			continue
		}
		var ok bool
		if v, ok = timesTen(v, uint64(n.text[i]-'0')); !ok {
			return 0, fmt.Errorf("%w: value: expected at most 64 bits with %d decimals, got more", ErrRange, decimals)
		}
	}
	for ; exponent > 0 && v != 0; exponent-- {
		var ok bool
		if v, ok = timesTen(v, 0); !ok {
			return 0, fmt.Errorf("%w: value: expected at most 64 bits with %d decimals, got more", ErrRange, decimals)
		}
	}
	return v, nil
}

func timesTen(v, digit uint64) (uint64, bool) {
	hi, lo := bits.Mul64(v, 10)
	sum, carry := bits.Add64(lo, digit, 0)
	return sum, hi == 0 && carry == 0
}
