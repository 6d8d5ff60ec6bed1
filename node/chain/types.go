package chain

import (
	"time"

	"cosmossdk.io/math"

	computev1 "github.com/alita-network/alita/api/compute/v1"
	metadatav1 "github.com/alita-network/alita/api/metadata/v1"
	"github.com/alita-network/alita/terms"
)

// States that workers and seats know, with the names of the protobuf files.
type (
	RecordStatus       = metadatav1.RecordStatus
	VersionStatus      = metadatav1.VersionStatus
	JobStatus          = computev1.JobStatus
	FailureReason      = computev1.FailureReason
	ContributionStatus = computev1.ContributionStatus
	Delivery           = computev1.Delivery
	SeatStatus         = computev1.SeatStatus
)

// Values of the states, as the protobuf files explain them.
const (
	RecordActive  = metadatav1.RecordStatus_RECORD_STATUS_ACTIVE
	RecordRetired = metadatav1.RecordStatus_RECORD_STATUS_RETIRED

	VersionPending  = metadatav1.VersionStatus_VERSION_STATUS_PENDING
	VersionAdmitted = metadatav1.VersionStatus_VERSION_STATUS_ADMITTED
	// VersionSuperseded was admitted before a newer one was.
	VersionSuperseded = metadatav1.VersionStatus_VERSION_STATUS_SUPERSEDED

	JobContributing = computev1.JobStatus_JOB_STATUS_CONTRIBUTING
	JobDelivering   = computev1.JobStatus_JOB_STATUS_DELIVERING
	JobSettled      = computev1.JobStatus_JOB_STATUS_SETTLED
	JobFailed       = computev1.JobStatus_JOB_STATUS_FAILED
	JobSeating      = computev1.JobStatus_JOB_STATUS_SEATING
	JobVerifying    = computev1.JobStatus_JOB_STATUS_VERIFYING
	JobContesting   = computev1.JobStatus_JOB_STATUS_CONTESTING
	JobAggregating  = computev1.JobStatus_JOB_STATUS_AGGREGATING
	JobReading      = computev1.JobStatus_JOB_STATUS_READING
	JobSettling     = computev1.JobStatus_JOB_STATUS_SETTLING
	JobWaiting      = computev1.JobStatus_JOB_STATUS_WAITING

	FailureCohort = computev1.FailureReason_FAILURE_REASON_COHORT

	ContributionAttested  = computev1.ContributionStatus_CONTRIBUTION_STATUS_ATTESTED
	ContributionDelivered = computev1.ContributionStatus_CONTRIBUTION_STATUS_DELIVERED
	ContributionPaid      = computev1.ContributionStatus_CONTRIBUTION_STATUS_PAID
	ContributionUnpaid    = computev1.ContributionStatus_CONTRIBUTION_STATUS_UNPAID
	ContributionValid     = computev1.ContributionStatus_CONTRIBUTION_STATUS_VALID
	ContributionInvalid   = computev1.ContributionStatus_CONTRIBUTION_STATUS_INVALID

	DeliveryDirect    = computev1.Delivery_DELIVERY_DIRECT
	DeliverySecureSum = computev1.Delivery_DELIVERY_SECURE_SUM

	SeatDrawn  = computev1.SeatStatus_SEAT_STATUS_DRAWN
	SeatSeated = computev1.SeatStatus_SEAT_STATUS_SEATED
	SeatOpened = computev1.SeatStatus_SEAT_STATUS_OPENED
)

// The types below are the parts of the chain's answers that workers and seats read. Members have the names and the units of
// the protobuf files.
type (
	// Worker is a registered worker.
	Worker struct {
		Owner     string
		PublicKey []byte
	}

	// Record is a listed data set.
	Record struct {
		Id         string
		Owner      string
		PoolId     uint64
		Status     RecordStatus
		Admitted   uint32 // number of the admitted version
		ModifiedAt time.Time
		// PrivacyBudget, PrivacySpent and PrivacyReserved are in millionths of rho.
		PrivacyBudget, PrivacySpent, PrivacyReserved uint64
		// PanelID is the panel that the record is or was in; empty for none.
		PanelID string
	}

	// Version is one version of a record, to which its owner has committed.
	Version struct {
		Status  VersionStatus
		Content VersionContent
	}

	// VersionContent is the content of a Version.
	VersionContent struct {
		Version    string   // SemVer
		Columns    []string // names, in the order of the data
		Commitment RowCommitment
		Location   SealedLocation
	}

	// RowCommitment is the Merkle commitment to the rows.
	RowCommitment struct {
		Rows uint64
		Root []byte
	}

	// SealedLocation is the location of the data, sealed to the owner's workers.
	SealedLocation struct {
		Stanzas    []Stanza
		Body       []byte
		Commitment []byte
	}

	// Stanza seals the key of a SealedLocation to one worker.
	Stanza struct {
		KeyId      []byte
		Enc        []byte
		Ciphertext []byte
	}

	// Grant is a permission on a record.
	Grant struct {
		Id       uint64
		Terms    terms.GrantTerms
		Uses     uint64
		Reserved uint64 // uses that contributions have set aside
	}

	// Program is a stored program without its code.
	Program struct {
		terms.Program
		Id              string
		Author          string
		Name            string
		MeteringVersion uint32
	}

	// JobSpec is the request of a consumer.
	JobSpec struct {
		PoolId      uint64
		ProgramId   string
		Columns     []string
		Length      uint32
		Input       []byte
		Purpose     string
		MinCohort   uint32
		MaxCohort   uint32
		PricePerMop math.Int
		Budget      terms.Funds
		ReaderKey   []byte
		Delivery    Delivery
		Secure      *SecureSum // nil in direct delivery
		// MaxRows and MaxFee, in ualita, bound what the job takes of one owner in a round; 0 is no bound.
		MaxRows, MaxFee uint64
		// Panels are the panels over which a sum is made, sorted; all of their members contribute.
		Panels []string
	}

	// SecureSum says how a secure sum is made.
	SecureSum struct {
		Seats        uint32
		Rounds       uint32
		Bits         uint32 // of a slot; 0 is what the program declares
		PublicResult bool
		// Ranges are those of a row program's slots, with their noise; nil for a program that takes batches.
		Ranges terms.Ranges
		// MicroRho bounds what a row discloses of itself in a round, in millionths of rho; 0 is an exact sum.
		MicroRho uint64
	}

	// JobSeat is a seat of a job. Listings of jobs leave out its key.
	JobSeat struct {
		Operator   string
		Account    string
		Status     SeatStatus
		Key        []byte
		Fee        math.Int
		Commitment []byte
		Prepared   uint32 // contributions of this round that it has judged
		Noise      *SeatNoise
	}

	// SeatNoise is the noise that a seat has handed in for the present attempt of a sum with noise; nil before.
	SeatNoise struct {
		Commitment []byte // the hash of its shares
		Status     ContributionStatus
		Prepared   uint32 // seats that have judged it, one bit for each
		Refused    uint32 // seats that have refused it, one bit for each
	}

	// Job is a JobSpec and the state of the job.
	Job struct {
		Id             string
		Consumer       string
		Spec           JobSpec
		Status         JobStatus
		Failure        FailureReason
		DeadlineHeight int64 // last block of the present phase
		DataPerAlita   math.Int
		Owners         uint32
		Reserved       terms.Funds
		StakersFeePpm  uint32
		Round          uint32 // from 1
		Attempt        uint32 // of the round, from 1; 0 in direct delivery
		Seats          []JobSeat
		VerifyKey      []byte
		Contributions  uint32 // of this round
		Valid          uint32 // contributions of this round in the sum
		MicroRho       uint64 // charged to a record's privacy budget for each contribution
		Vdaf           string // the draft of the protocol; empty in direct delivery
		OpenedAttempts uint32 // attempts of this round whose opening began, one bit for each
	}

	// Contribution is a record's part in a job.
	Contribution struct {
		Owner            string
		Worker           string
		Status           ContributionStatus
		Operations       uint64
		ResultCommitment []byte
		Fee              terms.Funds
		Height           int64
		Record           string
		Version          string
		Round            uint32
		Attempt          uint32
		Prepared         uint32 // seats that have judged it, one bit for each
		Refused          uint32 // seats that have refused it, one bit for each
	}

	// Preparations are the judgments of the seats of a job about a contribution.
	Preparations struct {
		Shares  [][]byte // in the order of the seats; empty if a seat has refused it
		Message []byte   // the preparation message that the chain combined them to; empty if the contribution is not valid
	}
)
