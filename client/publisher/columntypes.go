package publisher

import (
	"regexp"
	"strings"

	"github.com/alita-network/alita/rows/source"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// A column of texts is a category if it has at most maxLabels different ones and each stands for at least
// rowsPerLabel rows on average.
const (
	maxLabels      = 64
	maxLabelLength = 256 // bytes
	rowsPerLabel   = 4
)

// columnTypes reads the file once more, which also proves that it is the committed one, and finds each column's type
// from all of its values, and how jobs will read its cells.
func columnTypes(location source.Location, c source.Commitment) (map[string]datapooltypes.ColumnType, []source.ColumnProfile, error) {
	watchers, profiles := make([]*typeWatcher, len(c.Columns)), make([]source.ColumnProfile, len(c.Columns))
	for i, name := range c.Columns {
		watchers[i], profiles[i].Name = newTypeWatcher(), name
	}
	file := source.Committed{Location: location, Rows: c.Rows, Root: c.Root[:]}
	err := source.Each(file, func(row []source.Field) error {
		for i, f := range row {
			profiles[i].Add(f)
			if !source.Missing(f) {
				watchers[i].watch(f.Text)
			}
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	out := make(map[string]datapooltypes.ColumnType, len(c.Columns))
	for i, name := range c.Columns {
		out[name] = watchers[i].result()
	}
	return out, profiles, nil
}

var (
	integerText = regexp.MustCompile(`^[+-]?[0-9]+$`)
	decimalText = regexp.MustCompile(`^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$`)
)

// typeWatcher remembers which types all values of a column so far have.
type typeWatcher struct {
	values                              uint64
	integer, decimal, boolean, datetime bool
	labels                              map[string]struct{} // nil once there are too many
}

func newTypeWatcher() *typeWatcher {
	return &typeWatcher{integer: true, decimal: true, boolean: true, datetime: true, labels: make(map[string]struct{})}
}

// watch takes the text of a cell that is not missing.
func (w *typeWatcher) watch(text string) {
	w.values++
	w.integer = w.integer && integerText.MatchString(text)
	w.decimal = w.decimal && decimalText.MatchString(text)
	w.boolean = w.boolean && (strings.EqualFold(text, "true") || strings.EqualFold(text, "false"))
	// A year alone is a number.
	w.datetime = w.datetime && len(text) >= len("2006-01") && types.ValidateDate(text) == nil
	if w.labels == nil {
		return
	}
	if len(text) > maxLabelLength || len(w.labels) > maxLabels {
		w.labels = nil
		return
	}
	w.labels[text] = struct{}{}
}

func (w *typeWatcher) result() datapooltypes.ColumnType {
	switch {
	case w.values == 0:
		return datapooltypes.COLUMN_TYPE_UNSPECIFIED
	case w.integer:
		return datapooltypes.COLUMN_TYPE_INTEGER
	case w.decimal:
		return datapooltypes.COLUMN_TYPE_DECIMAL
	case w.boolean:
		return datapooltypes.COLUMN_TYPE_BOOLEAN
	case w.datetime:
		return datapooltypes.COLUMN_TYPE_DATETIME
	case w.labels != nil && len(w.labels) <= maxLabels && uint64(len(w.labels))*rowsPerLabel <= w.values:
		return datapooltypes.COLUMN_TYPE_CATEGORY
	}
	return datapooltypes.COLUMN_TYPE_TEXT
}

// adoptTypes gives a column the type that the pool requires if all its values have that type, too: whole numbers are
// decimal numbers, and everything is text.
func adoptTypes(found map[string]datapooltypes.ColumnType, required []datapooltypes.RequiredColumn) {
	for _, r := range required {
		have, ok := found[r.Name]
		if !ok || have == datapooltypes.COLUMN_TYPE_UNSPECIFIED {
			continue
		}
		switch r.Type {
		case datapooltypes.COLUMN_TYPE_DECIMAL:
			if have == datapooltypes.COLUMN_TYPE_INTEGER {
				found[r.Name] = r.Type
			}
		case datapooltypes.COLUMN_TYPE_TEXT, datapooltypes.COLUMN_TYPE_CATEGORY:
			found[r.Name] = r.Type
		}
	}
}
