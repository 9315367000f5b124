# PID 1 of a lab: owns the network on which the nodes' links meet, and everything dies with it.
# In: fd 0 the lifeline: one line when this process is in the lab's control groups, and at its end of file the engine is
# gone; fd 3 reports.
read -r pid _ </proc/self/stat
echo "pid $pid" >&3
IFS= read -r _ || exit 125
echo ready >&3
while IFS= read -r _; do :; done
