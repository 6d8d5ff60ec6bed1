package types

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/terms/text"
)

// maxLanguageTag bounds a language tag in bytes; RFC 5646 section 4.4.1 asks for at least 35.
const maxLanguageTag = 64

// ValidateLanguage reports whether s is a well-formed language tag (BCP 47: RFC 5646 section 2.1), such as en, de-CH
// or zh-Hant-TW. It knows the syntax only: the registry of subtags grows, and consensus must not grow with it.
func ValidateLanguage(s string) error {
	bad := func(what string) error {
		return fmt.Errorf("expected a language tag (BCP 47) such as en or de-CH, got %s: %s", quote(s), what)
	}
	if s == "" || len(s) > maxLanguageTag {
		return bad(fmt.Sprintf("it has %d bytes, and may have 1 to %d", len(s), maxLanguageTag))
	}
	parts := strings.Split(s, "-")
	for _, p := range parts {
		if p == "" || len(p) > 8 || !text.All(p, text.IsLetterOrDigit) {
			return bad("subtags are 1 to 8 letters or digits")
		}
	}
	if text.EqualFold(parts[0], "x") {
		if len(parts) == 1 {
			return bad("nothing follows x")
		}
		return nil
	}
	if len(parts[0]) < 2 || !text.All(parts[0], text.IsLetter) {
		return bad("the language is 2 to 8 letters")
	}
	return checkSubtags(parts, bad)
}

// checkSubtags takes the subtags after the language in their order: extended languages, script, region,
// variants, extensions, private use.
func checkSubtags(parts []string, bad func(string) error) error {
	i := 1
	if len(parts[0]) <= 3 {
		for n := 0; n < 3 && i < len(parts) && len(parts[i]) == 3 && text.All(parts[i], text.IsLetter); n++ {
			i++
		}
	}
	if i < len(parts) && len(parts[i]) == 4 && text.All(parts[i], text.IsLetter) {
		i++
	}
	if i < len(parts) && (len(parts[i]) == 2 && text.All(parts[i], text.IsLetter) || len(parts[i]) == 3 && text.All(parts[i], text.IsDigit)) {
		i++
	}
	variants := i
	for i < len(parts) && (len(parts[i]) >= 5 || len(parts[i]) == 4 && text.IsDigit(parts[i][0])) {
		for j := variants; j < i; j++ {
			if text.EqualFold(parts[i], parts[j]) {
				return bad("a variant occurs twice")
			}
		}
		i++
	}
	singletons := ""
	for i < len(parts) && len(parts[i]) == 1 && !text.EqualFold(parts[i], "x") {
		one := text.Lower(parts[i])
		if strings.Contains(singletons, one) {
			return bad("an extension occurs twice")
		}
		singletons += one
		first := i + 1
		for i = first; i < len(parts) && len(parts[i]) >= 2; i++ {
		}
		if i == first {
			return bad("an extension is empty")
		}
	}
	if i < len(parts) && text.EqualFold(parts[i], "x") && i+1 < len(parts) {
		return nil
	}
	if i < len(parts) {
		return bad(fmt.Sprintf("subtag %s is out of place", quote(parts[i])))
	}
	return nil
}
