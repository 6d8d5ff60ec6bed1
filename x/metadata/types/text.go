package types

import (
	"strings"

	"github.com/alita-network/alita/terms/text"
)

// The rules of texts.
var (
	nameRule        = text.Rule{Kind: text.Line, MinRunes: MinName, MaxRunes: MaxName}
	descriptionRule = text.Rule{Kind: text.Lines, MinRunes: MinDescription, MaxRunes: MaxDescription}
	agentRule       = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxAgentName}
	keywordRule     = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxKeyword}
	spatialRule     = text.Rule{Kind: text.Lines, MaxRunes: MaxSpatialName}
	freeRule        = text.Rule{Kind: text.Lines, MaxRunes: MaxText}
	columnRule      = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxColumnName}
	columnTextRule  = text.Rule{Kind: text.Lines, MaxRunes: MaxColumnText}
	unitRule        = text.Rule{Kind: text.Line, MaxRunes: MaxUnit}
	fileRule        = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxFileName}
	workerRule      = text.Rule{Kind: text.Name, MaxRunes: MaxWorkerName}
	reasonRule      = text.Rule{Kind: text.Lines, MaxBytes: MaxReason}
	purposeRule     = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxPurpose}
)

// looksLikeMarkup reports an HTML or XML tag, which readers would see as it stands.
func looksLikeMarkup(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] != '<' {
			continue
		}
		c := s[i+1]
		if (c == '/' || c == '!' || text.IsLetter(c)) && strings.IndexByte(s[i:], '>') > 0 {
			return true
		}
	}
	return false
}

// looksLikeEmail reports an address inside a text.
func looksLikeEmail(s string) bool {
	at := strings.IndexByte(s, '@')
	return at > 0 && strings.IndexByte(s[at:], '.') > 1
}

func quote(s string) string { return text.Quote(s) }
