package keeper_test

import (
	"fmt"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

// noiseProtocol is the protocol of the seats' noise.
func (f *secureFixture) noiseProtocol(jobID string) securesum.Protocol {
	f.t.Helper()
	noise, noised := f.protocol(jobID).Noise()
	require.True(f.t, noised)
	return noise
}

// addNoise hands in the noise of all seats that have handed in none, except the silent ones.
func (f *secureFixture) addNoise(jobID string, silent ...int) {
	f.t.Helper()
	for _, i := range f.job(jobID).WithoutNoise() {
		if !containsInt(silent, i) {
			_, err := f.msg.AddNoise(f.ctx, f.noiseMsg(jobID, i, nil))
			require.NoError(f.t, err)
		}
	}
}

func containsInt(list []int, n int) bool {
	for _, l := range list {
		if l == n {
			return true
		}
	}
	return false
}

// noiseMsg is the noise of a seat: draws that are 0 everywhere, or the vector.
func (f *secureFixture) noiseMsg(jobID string, seat int, vector []uint64) *types.MsgAddNoise {
	f.t.Helper()
	job := f.job(jobID)
	if vector == nil {
		most, err := job.SecureSum(chainID).Ranges.NoiseBounds()
		require.NoError(f.t, err)
		for _, m := range most {
			vector = append(vector, m/2)
		}
	}
	return f.noiseUnder(f.noiseProtocol(jobID), jobID, seat, vector)
}

// noiseUnder is noise that is shared under a protocol.
func (f *secureFixture) noiseUnder(p securesum.Protocol, jobID string, seat int, vector []uint64) *types.MsgAddNoise {
	f.t.Helper()
	job := f.job(jobID)
	var keys []seal.PublicKey
	for _, s := range job.Seats {
		keys = append(keys, f.seatKey(s.Operator, jobID).Public())
	}
	operator := job.Seats[seat].Operator
	secret := label.Hash("test/noise", []byte(jobID), []byte(operator))
	shared, evidence, err := p.Share(terms.NoiseOf(operator), keys, vector, secret[:])
	require.NoError(f.t, err)
	f.evidence[fmt.Sprint(jobID, job.Round, job.Attempt, operator)] = evidence
	return &types.MsgAddNoise{Account: job.Seats[seat].Account, JobId: jobID, Round: job.Round, Shared: *types.SharedVectorOf(shared, job.Attempt)}
}

// judgeNoise is an honest seat's answer about the noise of a seat.
func (f *secureFixture) judgeNoise(jobID string, seat int, operator string) ([]byte, securesum.Prepared, bool) {
	f.t.Helper()
	job := f.job(jobID)
	res, err := f.query.Shares(f.ctx, &types.QuerySharesRequest{JobId: jobID, RecordId: operator})
	require.NoError(f.t, err)
	share, prepared, err := f.noiseProtocol(jobID).Prepare(
		terms.NoiseOf(operator), res.Shared.Proto(), job.VerifyKey, seat, f.seatKey(job.Seats[seat].Operator, jobID))
	if err != nil {
		require.ErrorIs(f.t, err, securesum.ErrRefused)
	}
	return share, prepared, err != nil
}
