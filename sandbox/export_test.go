package sandbox

// LimitChild limits the process of a test.
var LimitChild = limitChild

// Prune prunes the folder of compiled programs to so many bytes.
func (s *Sandbox) Prune(most int64) { s.prune(most) }
