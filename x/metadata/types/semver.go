package types

import (
	"fmt"
	"strings"

	errorsmod "cosmossdk.io/errors"

	"github.com/alita-network/alita/terms/text"
)

// MaxVersionBytes bounds the text of a version.
const MaxVersionBytes = 64

// SemVer is a version by Semantic Versioning 2.0.0. Numbers stay decimal texts, so they have no largest value.
type SemVer struct {
	core       [3]string
	prerelease []string
}

// ParseSemVer reads a version strictly by https://semver.org/spec/v2.0.0.html: three numbers without leading
// zeros, an optional pre-release and optional build metadata. A leading v or a missing number is refused.
func ParseSemVer(s string) (SemVer, error) {
	bad := func(what string) (SemVer, error) {
		return SemVer{}, fmt.Errorf("expected a version (SemVer 2.0.0) such as 1.0.0 or 1.1.0-rc.1, got %s: %s", quote(s), what)
	}
	if s == "" || len(s) > MaxVersionBytes {
		return bad(fmt.Sprintf("it has %d bytes, and may have 5 to %d", len(s), MaxVersionBytes))
	}
	rest, build, hasBuild := strings.Cut(s, "+")
	if hasBuild {
		for _, id := range strings.Split(build, ".") {
			if !isVersionID(id) {
				return bad("build metadata are dot-separated letters, digits and hyphens")
			}
		}
	}
	core, pre, hasPre := strings.Cut(rest, "-")
	numbers := strings.Split(core, ".")
	if len(numbers) != 3 {
		return bad("major.minor.patch are needed")
	}
	var v SemVer
	for i, n := range numbers {
		if !isVersionNumber(n) {
			return bad("major, minor and patch are numbers without leading zeros")
		}
		v.core[i] = n
	}
	if !hasPre {
		return v, nil
	}
	v.prerelease = strings.Split(pre, ".")
	for _, id := range v.prerelease {
		if !isVersionID(id) || text.All(id, text.IsDigit) && !isVersionNumber(id) {
			return bad("a pre-release is dot-separated letters, digits and hyphens, numbers without leading zeros")
		}
	}
	return v, nil
}

// Compare returns -1, 0 or 1 by the precedence of section 11. Build metadata do not count.
func (v SemVer) Compare(w SemVer) int {
	for i := range v.core {
		if c := compareNumbers(v.core[i], w.core[i]); c != 0 {
			return c
		}
	}
	switch {
	case len(v.prerelease) == 0 && len(w.prerelease) == 0:
		return 0
	case len(v.prerelease) == 0:
		return 1
	case len(w.prerelease) == 0:
		return -1
	}
	for i := 0; i < len(v.prerelease) && i < len(w.prerelease); i++ {
		if c := compareIDs(v.prerelease[i], w.prerelease[i]); c != 0 {
			return c
		}
	}
	return compareInts(len(v.prerelease), len(w.prerelease))
}

// compareIDs orders pre-release identifiers: numbers by value and before all others, others by ASCII.
func compareIDs(a, b string) int {
	an, bn := text.All(a, text.IsDigit), text.All(b, text.IsDigit)
	switch {
	case an && bn:
		return compareNumbers(a, b)
	case an:
		return -1
	case bn:
		return 1
	}
	return strings.Compare(a, b)
}

// compareNumbers orders decimal numbers without leading zeros of any length.
func compareNumbers(a, b string) int {
	if c := compareInts(len(a), len(b)); c != 0 {
		return c
	}
	return strings.Compare(a, b)
}

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func isVersionNumber(s string) bool {
	return s != "" && text.All(s, text.IsDigit) && (s == "0" || s[0] != '0')
}

func isVersionID(s string) bool {
	return s != "" && text.All(s, func(c byte) bool { return text.IsLetterOrDigit(c) || c == '-' })
}

// CheckNewer reports whether version is greater than the newest one of a record.
func CheckNewer(version, newest string) error {
	v, err := ParseSemVer(version)
	if err != nil {
		return errorsmod.Wrap(ErrInvalidVersion, err.Error())
	}
	n, err := ParseSemVer(newest)
	if err != nil {
		return errorsmod.Wrap(ErrInvalidVersion, err.Error())
	}
	if v.Compare(n) <= 0 {
		return errorsmod.Wrapf(ErrInvalidVersion, "expected a version greater than %s (SemVer precedence, in which build metadata do not count), got %s", quote(newest), quote(version))
	}
	return nil
}
