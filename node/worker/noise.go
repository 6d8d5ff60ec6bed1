package worker

import (
	"crypto/sha3"
	"encoding/binary"
	"io"

	"github.com/alita-network/alita/crypto/label"
	"github.com/alita-network/alita/crypto/securesum"
	"github.com/alita-network/alita/node/chain"
	"github.com/alita-network/alita/terms"
)

// isNoised reports whether the answer to a job has noise that hides a row.
func isNoised(job chain.Job) bool { return !job.Statement().Exact() }

// checkNoise checks the ranges of a row program's slots and their noise: that a row discloses no more than the record is charged, that the
// sum of the record's rows fits the slots whatever they hold, and that the privacy budget has enough left. All of it is public, and no file is
// open yet.
func checkNoise(c Candidate) *Decline {
	if !c.Job.IsSecure() {
		if c.Program.Row {
			return final("delivery of a row program: expected %s, got %s", chain.DeliverySecureSum, c.Job.Spec.Delivery)
		}
		return nil
	}
	sum := c.Job.SecureSum("")
	if err := sum.CheckRanges(c.Program.Program); err != nil {
		return final("ranges of the job: %s", err)
	}
	if err := sum.CheckRows(c.Program.Program, c.Version.Content.Commitment.Rows); err != nil {
		return final("rows of the record: %s", err)
	}
	if c.Job.MicroRho != sum.MicroRho {
		return final("micro_rho: expected %d, as the job states, the node says %d", sum.MicroRho, c.Job.MicroRho)
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

// addNoise returns the shifted slots of a contribution with the noise that a job asks for, or the vector itself if it asks for
// none. The noise follows from the secret of the round together with all that it is drawn for. So a restart repeats it,
// and another attempt, vector or range has other noise, which says nothing about this one.
func (c *Computer) addNoise(secret []byte, job chain.Job, program chain.Program, of securesum.Contribution, vector []uint64) ([]uint64, error) {
	if !isNoised(job) {
		return vector, nil
	}
	return job.Spec.Secure.Ranges.AddNoise(c.noiseStream(secret, job, program, of, vector), vector)
}

func (c *Computer) noiseStream(secret []byte, job chain.Job, program chain.Program, of securesum.Contribution, vector []uint64) io.Reader {
	raw := make([]byte, 0, 8*len(vector))
	for _, v := range vector {
		raw = binary.BigEndian.AppendUint64(raw, v)
	}
	ranges := job.SecureSum(c.Policy.ChainID).RangesHash()
	seed := label.Hash("alita/worker/noise/v2", secret, []byte(c.Policy.ChainID), []byte(job.Id),
		label.Uint64(uint64(job.Round)), label.Uint64(uint64(job.Attempt)), []byte(of.Record), []byte(of.Version), of.Owner,
		ranges[:], label.Uint64(uint64(job.Bits(program))), raw)
	stream := sha3.NewSHAKE256()
	_, _ = stream.Write(seed[:])
	return stream
}
