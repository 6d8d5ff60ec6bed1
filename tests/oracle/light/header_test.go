package light_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/cometbft/cometbft/crypto"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtmath "github.com/cometbft/cometbft/libs/math"
	cmtlight "github.com/cometbft/cometbft/light"
	cmtproto "github.com/cometbft/cometbft/proto/tendermint/types"
	cmtversion "github.com/cometbft/cometbft/proto/tendermint/version"
	"github.com/cometbft/cometbft/types"
	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/light"
)

// validator is a key and its power.
type validator struct {
	key   crypto.PrivKey
	power int64
}

func validators(from, n int) (out []validator) {
	for i := range n {
		key := ed25519.GenPrivKeyFromSecret(fmt.Appendf(nil, "validator %d", from+i))
		out = append(out, validator{key, int64(1000 + i)})
	}
	return out
}

// set is CometBFT's, in its order, with the keys.
func set(list []validator) (*types.ValidatorSet, map[string]crypto.PrivKey) {
	keys := map[string]crypto.PrivKey{}
	var vals []*types.Validator
	for _, v := range list {
		vals = append(vals, types.NewValidator(v.key.PubKey(), v.power))
		keys[string(v.key.PubKey().Address())] = v.key
	}
	return types.NewValidatorSet(vals), keys
}

// signed is a light block of CometBFT.
func signed(t testing.TB, list, next []validator, height int64, at time.Time) *types.LightBlock {
	vals, keys := set(list)
	following, _ := set(next)
	empty := make([]byte, 32)
	h := &types.Header{
		Version: cmtversion.Consensus{Block: 11, App: 1}, ChainID: "test", Height: height, Time: at, ValidatorsHash: vals.Hash(),
		NextValidatorsHash: following.Hash(), AppHash: empty, ConsensusHash: empty, LastResultsHash: empty, DataHash: empty, EvidenceHash: empty,
		LastCommitHash: empty, ProposerAddress: vals.Validators[0].Address,
		LastBlockID: types.BlockID{Hash: empty, PartSetHeader: types.PartSetHeader{Total: 1, Hash: empty}},
	}
	id := types.BlockID{Hash: h.Hash(), PartSetHeader: types.PartSetHeader{Total: 3, Hash: empty}}
	c := &types.Commit{Height: height, Round: 2, BlockID: id}
	for i, v := range vals.Validators {
		vote := &cmtproto.Vote{Type: cmtproto.PrecommitType, Height: height, Round: 2, BlockID: id.ToProto(), Timestamp: at.Add(time.Second), ValidatorIndex: int32(i)}
		sig, err := keys[string(v.Address)].Sign(types.VoteSignBytes("test", vote))
		require.NoError(t, err)
		c.Signatures = append(c.Signatures, types.CommitSig{
			BlockIDFlag: types.BlockIDFlagCommit, ValidatorAddress: v.Address, Timestamp: vote.Timestamp, Signature: sig,
		})
	}
	return &types.LightBlock{SignedHeader: &types.SignedHeader{Header: h, Commit: c}, ValidatorSet: vals}
}

// ours reads a block of CometBFT as a node sends it.
func ours(t testing.TB, b *types.LightBlock) light.Block {
	p, err := b.ToProto()
	require.NoError(t, err)
	wire, err := p.Marshal()
	require.NoError(t, err)
	out, err := light.DecodeBlock(wire)
	require.NoError(t, err)
	require.EqualValues(t, b.Header.Hash(), out.Header.Hash())
	require.EqualValues(t, b.ValidatorSet.Hash(), light.ValidatorsHash(out.Validators))
	for i, s := range b.Commit.Signatures {
		if s.BlockIDFlag == types.BlockIDFlagCommit {
			require.Equal(t, b.Commit.VoteSignBytes("test", int32(i)), out.Commit.SignBytes("test", out.Commit.Signatures[i].Time))
		}
	}
	return out
}

// TestHeadersAsCometBFT: with CometBFT's trust level set to 2/3, both take the same headers of 100 validators that change at
// different speeds, sign in different numbers, and carry faults.
func TestHeadersAsCometBFT(t *testing.T) {
	start := time.Unix(1_700_000_000, 123456789).UTC()
	rules := light.Rules{Period: 2 * time.Hour, Ahead: time.Second, Behind: time.Minute}
	level := cmtmath.Fraction{Numerator: 2, Denominator: 3}
	first := validators(0, 100)
	cases, taken := 0, 0
	for _, moved := range []int{0, 1, 10, 30, 33, 34, 50, 90} {
		for _, height := range []int64{9, 10, 11, 12, 500} {
			for _, absent := range []int{0, 32, 33, 34, 60} {
				for _, now := range []time.Time{start.Add(58 * time.Second), start.Add(time.Hour), start.Add(3 * time.Hour)} {
					a := signed(t, first, first, 10, start)
					second := validators(moved, 100)
					b := signed(t, second, second, height, start.Add(time.Minute))
					for i := range absent {
						b.Commit.Signatures[i] = types.NewCommitSigAbsent()
					}
					theirs := cmtlight.Verify(a.SignedHeader, a.ValidatorSet, b.SignedHeader, b.ValidatorSet, rules.Period, now, rules.Ahead, level)
					own := light.Verify(ours(t, a), ours(t, b), rules, now)
					require.Equal(t, theirs == nil, own == nil, "moved %d, height %d, absent %d, now %s: ours %v, theirs %v", moved, height, absent, now, own, theirs)
					cases++
					if own == nil {
						taken++
					}
				}
			}
		}
	}
	t.Logf("%d pairs of headers, %d taken", cases, taken)
	require.Greater(t, taken, 20)
}

// TestFaultsAsCometBFT changes one thing of a good block.
func TestFaultsAsCometBFT(t *testing.T) {
	start := time.Unix(1_700_000_000, 0).UTC()
	now := start.Add(time.Hour)
	rules := light.Rules{Period: 2 * time.Hour, Ahead: time.Second, Behind: time.Minute}
	list := validators(0, 4)
	for name, fault := range map[string]func(b *types.LightBlock){
		"none":       func(*types.LightBlock) {},
		"app hash":   func(b *types.LightBlock) { b.Header.AppHash = []byte("another app hash, of 32 bytes too") },
		"round":      func(b *types.LightBlock) { b.Commit.Round++ },
		"height":     func(b *types.LightBlock) { b.Commit.Height++ },
		"chain":      func(b *types.LightBlock) { b.Header.ChainID = "other" },
		"one absent": func(b *types.LightBlock) { b.Commit.Signatures[0] = types.NewCommitSigAbsent() },
		"two absent": func(b *types.LightBlock) {
			b.Commit.Signatures[0], b.Commit.Signatures[1] = types.NewCommitSigAbsent(), types.NewCommitSigAbsent()
		},
		"one less":  func(b *types.LightBlock) { b.Commit.Signatures = b.Commit.Signatures[:3] },
		"other set": func(b *types.LightBlock) { b.ValidatorSet, _ = set(validators(1, 4)) },
	} {
		t.Run(name, func(t *testing.T) {
			a, b := signed(t, list, list, 10, start), signed(t, list, list, 11, start.Add(time.Minute))
			b.Commit.Signatures = slices.Clone(b.Commit.Signatures)
			fault(b)
			theirs := cmtlight.Verify(a.SignedHeader, a.ValidatorSet, b.SignedHeader, b.ValidatorSet, rules.Period, now, rules.Ahead, cmtlight.DefaultTrustLevel)
			p, err := b.ToProto()
			require.NoError(t, err)
			wire, err := p.Marshal()
			require.NoError(t, err)
			own, err := light.DecodeBlock(wire)
			if err == nil {
				err = light.Verify(ours(t, a), own, rules, now)
			}
			require.Equal(t, theirs == nil, err == nil, "ours %v, theirs %v", err, theirs)
		})
	}
}
