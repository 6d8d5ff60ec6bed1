package keys_test

import (
	"encoding/hex"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light/keys"
)

func TestKeys(t *testing.T) {
	for want, key := range map[string][]byte{
		"00":                         keys.Params(),
		"016162":                     keys.Program("ab"),
		"0b70":                       keys.Panel("p"),
		"0c700072":                   keys.PanelMember("p", "r"),
		"036a":                       keys.Progress("j"),
		"196a":                       keys.Terms("j"),
		"1a6a":                       keys.Question("j"),
		"1b6a":                       keys.Seats("j"),
		"166a006f":                   keys.SeatKey("j", "o"),
		"076a0072":                   keys.Contribution("j", "r"),
		"106a0072":                   keys.Shares("j", "r"),
		"116a0072000000000000000002": keys.Prepared("j", "r", 2),
		"126a0072":                   keys.Message("j", "r"),
		"0172":                       keys.Record("r"),
		"02720000000003":             keys.Version("r", 3),
		"06aabb":                     keys.Worker([]byte{0xaa, 0xbb}),
		"0872000000000000000004":     keys.Grant("r", 4),
		"51":                         keys.StakingParams(),
		"02636f6d70757465":           keys.ModuleVersion(keys.Compute),
	} {
		require.Equal(t, want, hex.EncodeToString(key))
	}
}

func TestCheckVersion(t *testing.T) {
	require.NoError(t, keys.CheckVersion(keys.Compute, []byte{0, 0, 0, 0, 0, 0, 0, 1}))
	for _, other := range [][]byte{nil, {1}, {0, 0, 0, 0, 0, 0, 0, 2}, {0, 0, 0, 0, 0, 0, 0, 1, 0}} {
		require.ErrorIs(t, keys.CheckVersion(keys.Compute, other), keys.ErrLayout)
	}
	require.ErrorIs(t, keys.CheckVersion("bank", []byte{0, 0, 0, 0, 0, 0, 0, 1}), keys.ErrLayout)
}

func TestUnbondingTime(t *testing.T) {
	// unbonding_time {seconds: 1814400, nanos: 5}, max_validators: 100
	got, err := keys.UnbondingTime([]byte{0x0a, 0x06, 0x08, 0x80, 0xdf, 0x6e, 0x10, 0x05, 0x10, 0x64})
	require.NoError(t, err)
	require.Equal(t, 21*24*time.Hour+5*time.Nanosecond, got)
	got, err = keys.UnbondingTime(nil)
	require.NoError(t, err)
	require.Zero(t, got)
	for _, bad := range [][]byte{{0x0a}, {0x0a, 0x02, 0x08}, {0x0a, 0x0b, 0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}} {
		_, err = keys.UnbondingTime(bad)
		require.ErrorIs(t, err, keys.ErrLayout)
	}
}

func FuzzUnbondingTime(f *testing.F) {
	f.Add([]byte{0x0a, 0x06, 0x08, 0x80, 0xdf, 0x6e, 0x10, 0x05, 0x10, 0x64})
	f.Fuzz(func(t *testing.T, params []byte) {
		got, err := keys.UnbondingTime(params)
		if err == nil && got < 0 {
			t.Fatalf("%x: %s", params, got)
		}
	})
}
