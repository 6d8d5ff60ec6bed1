package source_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/rows/source"
)

func TestLocation(t *testing.T) {
	l := source.Location{Path: "/srv/data/rows.csv", Format: source.CSV, Seed: testSeed}
	raw, err := l.Marshal()
	require.NoError(t, err)
	got, err := source.UnmarshalLocation(raw)
	require.NoError(t, err)
	require.Equal(t, l, got)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		require.Equal(t, "(sealed location)", fmt.Sprintf(verb, l))
	}
	for _, bad := range []source.Location{
		{Path: "rows.csv", Format: source.CSV}, {Path: "/a/../b.csv", Format: source.CSV}, {Path: "/a.csv", Format: "xls"}, {},
	} {
		_, err := bad.Marshal()
		require.ErrorIs(t, err, source.ErrLocation)
	}
	for _, bad := range []string{
		"", "/srv/SECRET.csv", `{"v":2,"path":"/SECRET.csv","format":"csv","seed":"AQ=="}`, string(raw) + "{}",
		`{"v":1,"path":"/SECRET.csv","format":"csv","seed":"AQ=="}`, `{"v":1,"SECRET":1}`,
	} {
		_, err := source.UnmarshalLocation([]byte(bad))
		require.ErrorIs(t, err, source.ErrLocation)
		require.NotContains(t, err.Error(), "SECRET")
	}
}

func FuzzLocation(f *testing.F) {
	raw, err := source.Location{Path: "/srv/data/rows.csv", Format: source.CSV, Seed: testSeed}.Marshal()
	require.NoError(f, err)
	f.Add(raw)
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := source.UnmarshalLocation(data)
		if err != nil {
			return
		}
		again, err := l.Marshal()
		require.NoError(t, err)
		back, err := source.UnmarshalLocation(again)
		require.NoError(t, err)
		require.Equal(t, l, back)
	})
}
