package types

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/terms/text"
)

// ValidateDate reports whether s is an ISO 8601 date (year, year and month, or day) or date and time with a zone:
// 1879, 1879-07, 1879-07-04, 1879-07-04T10:30Z, 1879-07-04T10:30:00+01:00.
func ValidateDate(s string) error {
	_, err := parseDate(s)
	return err
}

// ValidateTemporal reports whether s is a date or an interval of two dates, start/end, of which one may be open (..).
func ValidateTemporal(s string) error {
	from, to, interval := strings.Cut(s, "/")
	if !interval {
		return ValidateDate(s)
	}
	if from == ".." && to == ".." {
		return fmt.Errorf("expected an interval with at least one date, got %s", quote(s))
	}
	var days [2]string
	for i, end := range []string{from, to} {
		if end == ".." {
			continue
		}
		day, err := parseDate(end)
		if err != nil {
			return err
		}
		days[i] = day
	}
	if from == ".." || to == ".." {
		return nil
	}
	// Texts of one precision compare as dates do; the shorter decides how far.
	n := min(len(days[0]), len(days[1]))
	if days[0][:n] > days[1][:n] {
		return fmt.Errorf("expected an interval that does not end before it begins, got %s", quote(s))
	}
	return nil
}

// parseDate checks a date and returns its calendar part.
func parseDate(s string) (string, error) {
	bad := fmt.Errorf("expected an ISO 8601 date, YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ, got %s", quote(s))
	day, clock, hasClock := strings.Cut(s, "T")
	year, ok := digits(day, 0, 4)
	if !ok {
		return "", bad
	}
	switch len(day) {
	case 4, 7, 10:
	default:
		return "", bad
	}
	if len(day) >= 7 {
		month, ok := digits(day, 5, 2)
		if !ok || day[4] != '-' || month < 1 || month > 12 {
			return "", bad
		}
		if len(day) == 10 {
			d, ok := digits(day, 8, 2)
			if !ok || day[7] != '-' || d < 1 || d > daysIn(year, month) {
				return "", bad
			}
		}
	}
	if hasClock && (len(day) != 10 || !isClock(clock)) {
		return "", bad
	}
	return day, nil
}

// isClock accepts hh:mm or hh:mm:ss with an optional fraction of at most nine digits, and then Z or +hh:mm or -hh:mm.
func isClock(s string) bool {
	hour, okH := digits(s, 0, 2)
	minute, okM := digits(s, 3, 2)
	if !okH || !okM || s[2] != ':' || hour > 23 || minute > 59 {
		return false
	}
	s = s[5:]
	if strings.HasPrefix(s, ":") {
		second, ok := digits(s, 1, 2)
		if !ok || second > 60 {
			return false
		}
		s = s[3:]
		if strings.HasPrefix(s, ".") {
			n := 1
			for n < len(s) && text.IsDigit(s[n]) {
				n++
			}
			if n == 1 || n > 10 {
				return false
			}
			s = s[n:]
		}
	}
	if s == "Z" {
		return true
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return false
	}
	hour, okH = digits(s, 1, 2)
	minute, okM = digits(s, 4, 2)
	return okH && okM && hour <= 14 && minute <= 59
}

// digits reads n decimal digits of s from position at.
func digits(s string, at, n int) (int, bool) {
	if len(s) < at+n {
		return 0, false
	}
	v := 0
	for i := at; i < at+n; i++ {
		if !text.IsDigit(s[i]) {
			return 0, false
		}
		v = 10*v + int(s[i]-'0')
	}
	return v, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
