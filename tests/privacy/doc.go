// Package privacy plays an adversary with a budget against live owners: the real application, real workers over real files, and
// whatever an attacker may do that pays, owns accounts and programs, and runs nodes. Each owner has a secret bit in its file. An
// attack is measured by how often it is right about the bit, which is half of the time for whoever guesses.
//
//	make test-privacy
//
// docs/security/hostile-suite.md has the table and says what is played in full and what in part.
package privacy
