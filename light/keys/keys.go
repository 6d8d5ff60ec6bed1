// Package keys says where the chain's modules keep what a worker and a seat ask for, and what layout of the stores it knows. A
// key of another layout would turn "present" into "proved absent", so a chain with other module versions is refused.
//
// A text that is not the last part of a key ends with a zero byte, bytes that are not the last one begin with their length, and
// numbers are big endian (cosmossdk.io/collections). A test in tests/integration compares every key with the keepers' schema.
package keys

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	"google.golang.org/protobuf/encoding/protowire"
)

// Stores of the modules.
const (
	Compute  = "compute"
	Metadata = "metadata"
	// Upgrade is where x/upgrade keeps the modules' versions.
	Upgrade = "upgrade"
	Staking = "staking"
)

// ErrLayout means that the chain keeps its state in another way than this package knows.
var ErrLayout = errors.New("layout of the state")

// Layout is the version of each module whose keys are below.
var Layout = map[string]uint64{Compute: 1, Metadata: 1}

// CheckVersion compares what the store of x/upgrade says under ModuleVersion with the layout that is known.
func CheckVersion(module string, value []byte) error {
	want := Layout[module]
	if len(value) == 8 && binary.BigEndian.Uint64(value) == want {
		return nil
	}
	return fmt.Errorf("%w: module %s: expected version %d, got %x; get the alita-worker of this chain's release", ErrLayout, module, want, value)
}

// ModuleVersion is where x/upgrade keeps the version of a module, eight bytes.
func ModuleVersion(module string) []byte { return text(2, module) }

// Prefixes of the store of x/compute.
const (
	paramsPrefix       = 0
	programPrefix      = 1
	progressPrefix     = 3
	contributionPrefix = 7
	sharesPrefix       = 16
	preparedPrefix     = 17
	messagePrefix      = 18
	seatKeyPrefix      = 22
	termsPrefix        = 25
	questionPrefix     = 26
	seatsPrefix        = 27
)

// Prefixes of the store of x/metadata.
const (
	recordPrefix  = 1
	versionPrefix = 2
	workerPrefix  = 6
	grantPrefix   = 8
	panelPrefix   = 11
	memberPrefix  = 12
)

func text(prefix byte, parts ...string) []byte {
	b := []byte{prefix}
	for i, p := range parts {
		if b = append(b, p...); i < len(parts)-1 {
			b = append(b, 0)
		}
	}
	return b
}

// StakingParams is where x/staking keeps its parameters.
func StakingParams() []byte { return []byte{0x51} }

// UnbondingTime is what the parameters of x/staking say: how long stake stays at risk after it is withdrawn.
func UnbondingTime(params []byte) (time.Duration, error) {
	var seconds, nanos uint64
	ok := eachField(params, func(n protowire.Number, _ uint64, duration []byte) bool {
		return n != 1 || eachField(duration, func(n protowire.Number, v uint64, _ []byte) bool {
			switch n {
			case 1:
				seconds = v
			case 2:
				nanos = v
			}
			return true
		})
	})
	if !ok || seconds > math.MaxInt64/uint64(time.Second)-1 || nanos >= uint64(time.Second) {
		return 0, fmt.Errorf("%w: parameters of staking: expected an unbonding time, got other bytes", ErrLayout)
	}
	return time.Duration(seconds)*time.Second + time.Duration(nanos), nil
}

// eachField calls f for each field of a message, until it returns false. It reports whether the message could be read and f
// never returned false.
func eachField(m []byte, f func(n protowire.Number, v uint64, b []byte) bool) bool {
	for len(m) > 0 {
		number, wire, n := protowire.ConsumeTag(m)
		if n < 0 {
			return false
		}
		m = m[n:]
		var v uint64
		var b []byte
		switch wire {
		case protowire.VarintType:
			v, n = protowire.ConsumeVarint(m)
		case protowire.BytesType:
			b, n = protowire.ConsumeBytes(m)
		default:
			n = protowire.ConsumeFieldValue(number, wire, m)
		}
		if n < 0 || !f(number, v, b) {
			return false
		}
		m = m[n:]
	}
	return true
}

// Params is where x/compute and x/metadata keep their parameters.
func Params() []byte { return []byte{paramsPrefix} }

// Program is where a program lies by its id, without its code.
func Program(id string) []byte { return text(programPrefix, id) }

// Progress is where JobProgress of a job lies.
func Progress(job string) []byte { return text(progressPrefix, job) }

// Terms is where JobTerms of a job lie.
func Terms(job string) []byte { return text(termsPrefix, job) }

// Question is where JobQuestion of a job lies.
func Question(job string) []byte { return text(questionPrefix, job) }

// Seats is where JobSeats of a secure sum lie.
func Seats(job string) []byte { return text(seatsPrefix, job) }

// SeatKey is where the HPKE key of a job's seat lies, raw. operator is the text in JobSeats.
func SeatKey(job, operator string) []byte { return text(seatKeyPrefix, job, operator) }

// Contribution is where a record's contribution to a job lies.
func Contribution(job, record string) []byte { return text(contributionPrefix, job, record) }

// Shares is where the SharedVector of a record's contribution lies.
func Shares(job, record string) []byte { return text(sharesPrefix, job, record) }

// Prepared is where the preparation share of a seat lies, raw, if the contribution was not found valid.
func Prepared(job, record string, seat uint64) []byte {
	return binary.BigEndian.AppendUint64(append(text(preparedPrefix, job, record), 0), seat)
}

// Message is where the preparation message of a valid contribution lies, raw.
func Message(job, record string) []byte { return text(messagePrefix, job, record) }

// Record is where a record lies.
func Record(id string) []byte { return text(recordPrefix, id) }

// Version is where a version of a record lies by its number.
func Version(record string, number uint32) []byte {
	return binary.BigEndian.AppendUint32(append(text(versionPrefix, record), 0), number)
}

// Worker is where a registered worker lies by its account, the bytes of its address.
func Worker(account []byte) []byte { return append([]byte{workerPrefix}, account...) }

// Grant is where a grant of a record lies.
func Grant(record string, id uint64) []byte {
	return binary.BigEndian.AppendUint64(append(text(grantPrefix, record), 0), id)
}

// Panel is where a panel lies, without its members.
func Panel(id string) []byte { return text(panelPrefix, id) }

// PanelMember is where a record's part in a panel lies.
func PanelMember(panel, record string) []byte { return text(memberPrefix, panel, record) }
