package privacy_test

import (
	"math/rand/v2"

	"github.com/stretchr/testify/require"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/seal"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/terms"
	computetypes "github.com/alita-network/alita/x/compute/types"
)

// honest is the one seat that draws its noise. The others work together with the adversary, who knows what they hand in: their draws are 0.
const honest = 0

// noise is what a seat hands in for a job.
func (x *exchange) noise(job computetypes.Job, seat int) securesum.Shared {
	x.t.Helper()
	ranges := job.SecureSum("").Ranges
	vector, err := ranges.NoiseBounds()
	require.NoError(x.t, err)
	for i := range vector {
		vector[i] /= 2
	}
	secret := label.Hash("alita/privacy/noise", []byte(job.Id), []byte(job.Seats[seat].Operator))
	if seat == honest {
		vector, err = ranges.Noise(rand.NewChaCha8(secret))
		require.NoError(x.t, err)
	}
	var keys []seal.PublicKey
	for _, s := range job.Seats {
		keys = append(keys, x.seatKey(job.Id, s).Public())
	}
	protocol, noised := x.protocol(job).Noise()
	require.True(x.t, noised)
	shared, _, err := protocol.Share(terms.NoiseOf(job.Seats[seat].Operator), keys, vector, secret[:])
	require.NoError(x.t, err)
	return shared
}

// addNoise has the seats of a job hand in their noise in the next block, if it asks for noise.
func (x *exchange) addNoise(id string) {
	x.t.Helper()
	job := x.job(id)
	for _, i := range job.WithoutNoise() {
		x.queue = append(x.queue, x.Sign(x.seats[job.Seats[i].Account], &computetypes.MsgAddNoise{
			Account: job.Seats[i].Account, JobId: id, Round: job.Round, Shared: *computetypes.SharedVectorOf(x.noise(job, i), job.Attempt),
		}))
	}
}
