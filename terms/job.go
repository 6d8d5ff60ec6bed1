package terms

import "cosmossdk.io/math"

// Delivery is how the vectors of a job reach its payer. The chain's interface has the same values.
type Delivery int32

const (
	// DeliveryDirect seals each vector to the payer, who reads every owner's own result.
	DeliveryDirect Delivery = 1
	// DeliverySecureSum shares each vector among the seats, so that the payer reads the sum only.
	DeliverySecureSum Delivery = 2
)

// IsSecure reports whether the payer reads the sum only.
func (d Delivery) IsSecure() bool { return d == DeliverySecureSum }

// Job has what a job states to the owners whose grants it needs.
type Job struct {
	Consumer    string   // the account that pays
	ProgramID   string   // 64 hexadecimal characters
	Purpose     string   // the declared purpose; may be empty
	PricePerMop math.Int // for a million operations, in ualita
	MinCohort   uint32   // smallest number of owners
	Delivery    Delivery
	// MicroRho bounds what a row of a secure sum with noise discloses of itself, in millionths of rho; zero without noise.
	MicroRho uint64
	// DataPerAlita is the price of the data fee: Data Token units per ualita times 2^64.
	DataPerAlita math.Int
}

// Exact reports whether the payer reads the owners' results, or their sum, without noise.
func (j Job) Exact() bool { return !j.Delivery.IsSecure() || j.MicroRho == 0 }

// GrantRequest returns what the job asks of an owner's grants. Whatever is no secure sum asks for individual results.
func (j Job) GrantRequest() GrantRequest {
	var data math.Int
	if !j.DataPerAlita.IsNil() && !j.PricePerMop.IsNil() {
		// A product that no fee could be is no fee: it meets no floor.
		data, _ = DataFee(j.PricePerMop, j.DataPerAlita)
	}
	return GrantRequest{
		Consumer: j.Consumer, ProgramID: j.ProgramID, Purpose: j.Purpose, PricePerMop: j.PricePerMop, MinCohort: j.MinCohort,
		Individual: !j.Delivery.IsSecure(), DataPerMop: data,
	}
}
