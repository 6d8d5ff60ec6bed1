package worker

import (
	"crypto/sha3"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// checkNoise checks that the noise and the counts fit the slots, whatever the data is, and that the record's privacy budget has
// enough left.
func checkNoise(c Candidate) *Decline {
	if c.Job.SecureSum("").NoiseVariance == 0 {
		return nil
	}
	sum := c.Job.SecureSum("")
	noise, err := sum.Noise(c.Program.Program)
	if err != nil {
		return final("noise: %s", err)
	}
	if rows := c.Version.Content.Commitment.Rows; rows > noise.MaxRows() {
		return final("rows of the record: expected at most %d, for counts and noise to fit the slots, got %d", noise.MaxRows(), rows)
	}
	microRho, err := sum.MicroRho(c.Program.Program)
	if err != nil {
		return final("noise: %s", err)
	}
	if c.Job.MicroRho != microRho {
		return final("micro_rho: expected %d for noise of variance %d, got %d", microRho, sum.NoiseVariance, c.Job.MicroRho)
	}
	reserved := c.Record.PrivacyReserved
	if repeated(c.Job) {
		reserved -= min(reserved, c.Job.MicroRho)
	}
	if _, err := terms.ReservePrivacy(c.Record.PrivacyBudget, c.Record.PrivacySpent, reserved, c.Job.MicroRho); err != nil {
		return open("privacy budget of the record: %s", err)
	}
	return nil
}

// addNoise returns a vector of counts over rows with the noise that a job asks for, or the vector itself if it asks for
// none. The noise follows from the secret of the round, the attempt, the record's version, the vector and the variance. So a
// restart repeats it, and another attempt, vector or variance has independent noise.
func (c *Computer) addNoise(secret []byte, job chain.Job, program chain.Program, of securesum.Contribution, rows uint64, vector []uint64) ([]uint64, error) {
	variance := job.SecureSum("").NoiseVariance
	if variance == 0 {
		return vector, nil
	}
	noise, err := job.SecureSum("").Noise(program.Program)
	if err != nil {
		return nil, fmt.Errorf("noise: %w", err)
	}
	return noise.Add(c.noiseStream(secret, job, program, of, vector), rows, vector)
}

func (c *Computer) noiseStream(secret []byte, job chain.Job, program chain.Program, of securesum.Contribution, vector []uint64) io.Reader {
	raw := make([]byte, 0, 8*len(vector))
	for _, v := range vector {
		raw = binary.BigEndian.AppendUint64(raw, v)
	}
	seed := label.Hash("alita/worker/noise/v1", secret, []byte(c.Policy.ChainID), []byte(job.Id),
		label.Uint64(uint64(job.Round)), label.Uint64(uint64(job.Attempt)), []byte(of.Record), []byte(of.Version), of.Owner,
		label.Uint64(job.SecureSum("").NoiseVariance), label.Uint64(uint64(job.Bits(program))), raw)
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write(seed[:])
	return stream
}
