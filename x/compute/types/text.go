package types

import "github.com/alita-network/alita/terms/text"

// Bounds of texts.
const (
	MaxNameRunes        = 64
	MaxDescriptionBytes = 4096
	MaxColumnRunes      = 128
	MaxPurposeRunes     = 128
	// maxVersionBytes bounds a SemVer version.
	maxVersionBytes = 64
)

// The rules of texts.
var (
	nameRule        = text.Rule{Kind: text.Name, MinRunes: 1, MaxRunes: MaxNameRunes}
	descriptionRule = text.Rule{Kind: text.Lines, MaxBytes: MaxDescriptionBytes}
	purposeRule     = text.Rule{Kind: text.Line, MaxRunes: MaxPurposeRunes}
	columnRule      = text.Rule{Kind: text.Line, MinRunes: 1, MaxRunes: MaxColumnRunes}
	versionRule     = text.Rule{Kind: text.Line, MinRunes: 1, MaxBytes: maxVersionBytes}
)
