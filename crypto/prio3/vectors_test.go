package prio3_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/prio3"
)

// hexBytes is a byte string in hexadecimal.
type hexBytes []byte

func (h *hexBytes) UnmarshalText(text []byte) (err error) {
	*h, err = hex.DecodeString(string(text))
	return err
}

type published struct {
	Source string
	Cases  []struct {
		Name         string
		Params       prio3.Params
		Context, Key hexBytes
		Reports      []struct {
			Vector                         []uint64
			Nonce, Random, Public, Message hexBytes
			Inputs, Prepared, Outputs      []hexBytes
		}
		Aggregates []hexBytes
		Result     []uint64
		Fails      string
	}
}

func readPublished(t testing.TB, name string) published {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	var v published
	require.NoError(t, json.Unmarshal(raw, &v))
	require.NotEmpty(t, v.Cases)
	return v
}

func plain(in []hexBytes) [][]byte {
	out := make([][]byte, len(in))
	for i := range in {
		out[i] = in[i]
	}
	return out
}

// The published vectors of the draft, byte for byte: shares, preparation, message, output shares, sums and results.
func TestDraftVectors(t *testing.T) {
	for _, c := range readPublished(t, "draft14.json").Cases {
		t.Run(c.Name, func(t *testing.T) {
			p := c.Params
			outputs := make([][][]byte, p.Shares)
			for _, r := range c.Reports {
				v, err := prio3.NewWithNonce(p, c.Context, [16]byte(r.Nonce))
				require.NoError(t, err)
				shares, err := v.Shard(bytes.NewReader(r.Random), r.Vector)
				require.NoError(t, err)
				require.Equal(t, []byte(r.Public), append([]byte{}, shares.Public...))
				require.Equal(t, plain(r.Inputs), shares.Inputs)
				require.Equal(t, plain(r.Outputs), shares.Outputs)
				require.Len(t, shares.Public, p.PublicShareSize())
				states, prepared := make([]*prio3.State, p.Shares), make([][]byte, p.Shares)
				for i := range prepared {
					require.Len(t, shares.Inputs[i], p.InputShareSize(i))
					states[i], prepared[i], err = v.Prepare([32]byte(c.Key), i, shares.Public, shares.Inputs[i])
					require.NoError(t, err)
					require.Len(t, prepared[i], p.PrepareShareSize())
				}
				require.Equal(t, plain(r.Prepared), prepared)
				m, err := v.Combine(shares.Public, prepared)
				require.NoError(t, err)
				require.Equal(t, []byte(r.Message), append([]byte{}, m...))
				require.Len(t, m, messageSize)
				for i, state := range states {
					out, err := state.Next(m)
					require.NoError(t, err)
					require.Equal(t, []byte(r.Outputs[i]), out)
					require.Equal(t, out, state.Unverified())
					require.Len(t, out, p.OutputShareSize())
					outputs[i] = append(outputs[i], out)
				}
			}
			sums := make([][]byte, p.Shares)
			for i := range sums {
				var err error
				sums[i], err = prio3.Add(p, outputs[i]...)
				require.NoError(t, err)
			}
			require.Equal(t, plain(c.Aggregates), sums)
			result, err := prio3.Unshard(p, sums, uint64(len(c.Reports)))
			require.NoError(t, err)
			for i := range result {
				require.Equal(t, c.Result[i], result[i].Uint64())
			}
		})
	}
}

// The published shares that must be refused are refused, at the step the draft says or earlier.
func TestDraftRefusals(t *testing.T) {
	for _, c := range readPublished(t, "refused.json").Cases {
		t.Run(c.Name, func(t *testing.T) {
			p, r := c.Params, c.Reports[0]
			v, err := prio3.NewWithNonce(p, c.Context, [16]byte(r.Nonce))
			require.NoError(t, err)
			states, prepared := make([]*prio3.State, p.Shares), make([][]byte, p.Shares)
			for i := range prepared {
				var fault error
				states[i], prepared[i], fault = v.Prepare([32]byte(c.Key), i, r.Public, r.Inputs[i])
				err = errors.Join(err, fault)
			}
			if err == nil {
				_, err = v.Combine(r.Public, prepared)
			}
			if c.Fails == "prep_next" {
				require.NoError(t, err)
				_, err = states[0].Next(r.Message)
			}
			require.ErrorIs(t, err, prio3.ErrInvalid)
		})
	}
}
