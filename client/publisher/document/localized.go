package document

import (
	"fmt"
	"strings"

	"github.com/alita-network/alita/x/metadata/types"
)

// localized reads a text given once per language: literals, literals with @language, or a language map.
func (im *importer) localized(corePath string, values []node, lines bool) []types.LocalizedText {
	var out []types.LocalizedText
	add := func(v *Value, text, language string, markup bool) {
		im.settle(v)
		language = im.language(v, language)
		text = im.clean(v, text, markup, lines)
		if text == "" {
			return
		}
		for _, have := range out {
			if strings.EqualFold(have.Language, language) {
				if have.Text != text {
					im.drop(v, "a record holds one text per language, the first was taken")
				}
				return
			}
		}
		im.from(fmt.Sprintf("%s[%d]", corePath, len(out)), v)
		out = append(out, types.LocalizedText{Language: language, Text: text})
	}
	for _, n := range values {
		if text, language, markup, ok := im.text(n); ok {
			add(n.v, text, language, markup)
			continue
		}
		im.languageMap(n, add)
	}
	return out
}

// languageMap reads an object whose keys are language tags or @none and whose values are texts.
func (im *importer) languageMap(n node, add func(v *Value, text, language string, markup bool)) {
	if n.v.Kind != Object || len(im.graph.types(n)) > 0 {
		return
	}
	im.inspect(n.v)
	for _, m := range n.v.Members {
		language := m.Key
		if language == "@none" {
			language = ""
		} else if types.ValidateLanguage(language) != nil {
			continue
		}
		for _, item := range im.unfold(nil, node{m.Value, n.sc}) {
			if item.v.Kind == String || item.v.Kind == Number {
				add(item.v, item.v.Text, language, false)
			}
		}
	}
}

// language checks a language tag; a text that is none is noted and dropped.
func (im *importer) language(v *Value, tag string) string {
	tag = strings.ReplaceAll(trim(tag), "_", "-")
	if tag == "" || tag == "und" {
		return ""
	}
	if err := types.ValidateLanguage(tag); err != nil {
		im.note(v, "the language was dropped: %s", err)
		return ""
	}
	return tag
}

// keywords reads texts, lists in one text separated by commas, and DefinedTerms.
func (im *importer) keywords(values []node) {
	seen := make(map[string]bool)
	dropped := 0
	for _, n := range values {
		term := n.v.Kind == Object && im.graph.is(n, "DefinedTerm")
		text, ok := im.plain(n)
		if !ok {
			continue
		}
		words := []string{text}
		if !term {
			words = strings.Split(text, ",")
		}
		for _, word := range words {
			if word = normalize(word, false); word == "" || seen[word] {
				continue
			}
			if len([]rune(word)) > types.MaxKeyword {
				im.note(n.v, "not carried: a keyword of more than %d characters", types.MaxKeyword)
				continue
			}
			if len(im.out.Keywords) == types.MaxKeywords {
				dropped++
				continue
			}
			seen[word] = true
			im.from(fmt.Sprintf("$.keywords[%d]", len(im.out.Keywords)), n.v)
			im.out.Keywords = append(im.out.Keywords, word)
		}
	}
	if dropped > 0 {
		im.note(values[len(values)-1].v, "not carried: %d keywords after the first %d", dropped, types.MaxKeywords)
	}
}

// languages reads BCP 47 tags, also as Language objects with the tag as alternateName or name.
func (im *importer) languages(values []node) {
	for _, n := range values {
		text, _, _, ok := im.text(n)
		if !ok {
			text, ok = im.languageTag(n)
			if !ok {
				continue
			}
		} else {
			im.settle(n.v)
		}
		for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
			tag = strings.ReplaceAll(trim(tag), "_", "-")
			switch {
			case !isLanguageTag(tag):
				im.note(n.v, "not carried: %q is not a language tag (BCP 47) such as en", printable(tag, 40))
			case len(im.out.Languages) == types.MaxLanguages:
				im.note(n.v, "not carried: more than %d languages", types.MaxLanguages)
			case !containsFold(im.out.Languages, tag):
				im.from(fmt.Sprintf("$.languages[%d]", len(im.out.Languages)), n.v)
				im.out.Languages = append(im.out.Languages, tag)
			}
		}
	}
}

// languageTag finds the tag of a Language object.
func (im *importer) languageTag(n node) (string, bool) {
	for _, term := range [...]string{"alternateName", "identifier", "name"} {
		for _, p := range im.props(n, term) {
			if text, _, _, ok := im.text(p); ok && isLanguageTag(trim(text)) {
				im.settle(p.v)
				return text, true
			}
		}
	}
	return "", false
}

// isLanguageTag reports whether a text is a language tag. A name such as English has the form of a tag, but no
// language has a tag of more than three letters.
func isLanguageTag(s string) bool {
	primary, _, _ := strings.Cut(s, "-")
	return len(primary) <= 3 && types.ValidateLanguage(s) == nil
}

func containsFold(list []string, s string) bool {
	for _, have := range list {
		if strings.EqualFold(have, s) {
			return true
		}
	}
	return false
}

// joined reads several texts into one, separated by semicolons.
func (im *importer) joined(corePath string, values []node) string {
	var parts []string
	for _, n := range values {
		if text, ok := im.plain(n); ok && text != "" {
			parts = append(parts, text)
			im.from(corePath, n.v)
		}
	}
	return im.fitting(values, strings.Join(parts, "; "))
}

// fitting returns a text if it is within the bound of free texts; longer ones are noted and dropped, not cut.
func (im *importer) fitting(values []node, text string) string {
	if n := len([]rune(text)); n > types.MaxText {
		im.note(values[0].v, "not carried: %d characters, at most %d", n, types.MaxText)
		return ""
	}
	return text
}
