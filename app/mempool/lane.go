package mempool

// Lane is the room of a block that a transaction may take. Each lane has places of its own in the pool.
type Lane int

const (
	// Seats is for the answers of seats that the chain waits for.
	Seats Lane = iota
	// Contributions is for what workers and readers send to jobs that wait for it.
	Contributions
	// General is for all other transactions.
	General

	lanes = int(General) + 1
)

// String returns the name of the lane.
func (l Lane) String() string {
	switch l {
	case Seats:
		return "seats"
	case Contributions:
		return "contributions"
	default:
		return "general"
	}
}
