package publisher_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/client/publisher"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
)

func columnTypes(path string) (map[string]datapooltypes.ColumnType, error) {
	f, err := publisher.ReadFile(path, "")
	if err != nil {
		return nil, err
	}
	return f.ColumnTypes(), nil
}

func TestColumnTypes(t *testing.T) {
	file := "i,d,e,b,t,c,x,n,y,m\n"
	for i := range 8 {
		file += strings.Join([]string{
			"-7", "1.5", "2e-3", "TRUE", "2020-02-29", []string{"a", "b"}[i%2], strings.Repeat("z", i+1), "", "1879", []string{"1", "x"}[i%2] + string(rune('a'+i)),
		}, ",") + "\n"
	}
	got, err := columnTypes(write(t, "data.csv", file))
	require.NoError(t, err)
	require.Equal(t, map[string]datapooltypes.ColumnType{
		"i": datapooltypes.COLUMN_TYPE_INTEGER, "d": datapooltypes.COLUMN_TYPE_DECIMAL, "e": datapooltypes.COLUMN_TYPE_DECIMAL,
		"b": datapooltypes.COLUMN_TYPE_BOOLEAN, "t": datapooltypes.COLUMN_TYPE_DATETIME, "c": datapooltypes.COLUMN_TYPE_CATEGORY,
		"x": datapooltypes.COLUMN_TYPE_TEXT, "n": datapooltypes.COLUMN_TYPE_UNSPECIFIED, "y": datapooltypes.COLUMN_TYPE_INTEGER,
		"m": datapooltypes.COLUMN_TYPE_TEXT,
	}, got)

	penguins, err := columnTypes("../../testdata/data/penguins.csv")
	require.NoError(t, err)
	require.Equal(t, datapooltypes.COLUMN_TYPE_CATEGORY, penguins["species"])
	require.Equal(t, datapooltypes.COLUMN_TYPE_DECIMAL, penguins["beak_length_mm"])
	require.Equal(t, datapooltypes.COLUMN_TYPE_INTEGER, penguins["body_mass_g"])
}

func TestAdoptTypes(t *testing.T) {
	integer, decimal, text, category, datetime := datapooltypes.COLUMN_TYPE_INTEGER, datapooltypes.COLUMN_TYPE_DECIMAL,
		datapooltypes.COLUMN_TYPE_TEXT, datapooltypes.COLUMN_TYPE_CATEGORY, datapooltypes.COLUMN_TYPE_DATETIME
	got := map[string]datapooltypes.ColumnType{"a": integer, "b": decimal, "c": text, "d": datetime, "e": integer, "f": 0, "g": integer, "h": text}
	publisher.AdoptTypes(got, []datapooltypes.RequiredColumn{
		{Name: "a", Type: decimal},
		{Name: "b", Type: integer},
		{Name: "c", Type: category},
		{Name: "d", Type: text},
		{Name: "f", Type: decimal},
		{Name: "g"},
		{Name: "h", Type: decimal},
		{Name: "none", Type: decimal},
	})
	require.Equal(t, map[string]datapooltypes.ColumnType{"a": decimal, "b": decimal, "c": category, "d": text, "e": integer, "f": 0, "g": integer, "h": text}, got)
}
