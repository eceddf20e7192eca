//! How actions, partitions and rows are written: in traces, in scripted prefixes, in reports.

use crate::action::{Action, RULES};
use crate::data::Rows;
use crate::failover::Failover;
use crate::state::State;

impl<const V: usize> Failover<V> {
    /// An action as it is written everywhere: its rule, then what it is about, as in `ReadPartition C[0] A[1]`.
    pub fn notation(&self, action: Action) -> String {
        let rule = RULES[action.rule()].id;
        match action {
            Action::FinishJob
            | Action::CancelJob
            | Action::FailJob
            | Action::ElapseBackOff
            | Action::RegisterAtResourceManager
            | Action::RegisterBelatedly
            | Action::ReportSlots
            | Action::OfferSlots
            | Action::AnswerOffer
            | Action::AnswerOutdatedOffer
            | Action::ReconcileSlots
            | Action::BuildSlotReport
            | Action::DeliverSlotReport
            | Action::TimeOutRegistration
            | Action::TimeOutOffer
            | Action::LoseMaster
            | Action::RecordResult
            | Action::FlushJournal
            | Action::EndRecovery
            | Action::FailRemoteStorage
            | Action::PauseLeader
            | Action::RecordAsFormer => rule.to_owned(),
            Action::RequestSlot { slot }
            | Action::TimeOutSlotAllocation { slot }
            | Action::TimeOutSlot { slot } => {
                format!("{rule} {slot}")
            }
            Action::DeployRegion { region } => {
                let members = &self.regions.members[usize::from(region)];
                let names: Vec<String> = members.iter().map(|&v| self.vertex_name(v)).collect();
                format!("{rule} {}", names.join(" "))
            }
            Action::StartTask { vertex }
            | Action::DeliverReport { vertex }
            | Action::DeliverStaleReport { vertex }
            | Action::AcknowledgeCancel { vertex }
            | Action::ThrowInTask { vertex }
            | Action::FillDisk { vertex }
            | Action::TimeOutSlotRequest { vertex }
            | Action::TimeOutSlots { vertex }
            | Action::RestartTasks { first: vertex }
            | Action::ThrowInRestart { first: vertex }
            | Action::ArchiveFailure { vertex }
            | Action::SignalNoMoreSplits { vertex }
            | Action::DeliverEvent { vertex }
            | Action::FailDelivery { vertex }
            | Action::LoseEvent { vertex }
            | Action::DeliverAnswer { vertex }
            | Action::LoseAnswer { vertex }
            | Action::RegisterPartitions { vertex }
            | Action::ReleaseLateRegistration { vertex }
            | Action::LoseReport { vertex }
            | Action::TimeOutCall { vertex }
            | Action::ReconcileDeployment { vertex }
            | Action::StopZombie { vertex }
            | Action::PublishSink { vertex }
            | Action::ReleaseFormerPartitions { vertex }
            | Action::PublishAsFormer { vertex } => {
                format!("{rule} {}", self.vertex_name(vertex.into()))
            }
            Action::ReadPartition { vertex, input }
            | Action::MissPartition { vertex, input }
            | Action::FailRead { vertex, input }
            | Action::AskForProducer { vertex, input }
            | Action::ReadAsZombie { vertex, input } => {
                let partition =
                    self.vertices[usize::from(vertex)].inputs[usize::from(input)].partition;
                let reader = self.vertex_name(vertex.into());
                format!("{rule} {reader} {}", self.partition_name(partition))
            }
            Action::ReadSplit { vertex, split } | Action::AssignSplit { vertex, split } => {
                let job_vertex = self.vertices[usize::from(vertex)].job_vertex;
                let row = self.data.input_value(job_vertex, split).map(crate::data::Value::text);
                format!("{rule} {} {}", self.vertex_name(vertex.into()), row.unwrap_or_default())
            }
            Action::ProduceOutput { vertex, draw }
            | Action::FinishTask { vertex, draw }
            | Action::InitializeConsumers { vertex, draw }
            | Action::FinishAsZombie { vertex, draw } => {
                drawn(format!("{rule} {}", self.vertex_name(vertex.into())), draw)
            }
            Action::StartScheduling { draw } => drawn(rule.to_owned(), draw),
            Action::NoticeLoss { task_manager }
            | Action::ReturnTaskManager { task_manager }
            | Action::LoseTaskManager { task_manager }
            | Action::DropLink { task_manager }
            | Action::HealLink { task_manager }
            | Action::TimeOutTaskManager { task_manager }
            | Action::TimeOutJobMaster { task_manager }
            | Action::RegisterTaskManager { task_manager } => format!("{rule} TM{task_manager}"),
            Action::OfferSlot { task_manager, vertex } => {
                format!("{rule} TM{task_manager} {}", self.vertex_name(vertex.into()))
            }
            Action::LosePartition { partition } | Action::ReleasePartition { partition } => {
                format!("{rule} {}", self.partition_name(partition.into()))
            }
        }
    }

    /// `B[1]`: the second subtask of `B`.
    pub fn vertex_name(&self, vertex: usize) -> String {
        self.scenario.job.subtask_name(vertex)
    }

    /// `A[0]>C`: what the first subtask of `A` produces for `C`; `A[0]>C#2` if it is by the second edge between them.
    pub fn partition_name(&self, partition: usize) -> String {
        let partition = self.topology.partitions[partition];
        let (before, rest) = self.scenario.job.edges.split_at(partition.data_set);
        let edge = &rest[0];
        let parallel = before.iter().filter(|e| (e.from, e.to) == (edge.from, edge.to)).count();
        let consumer = &self.scenario.job.vertices[edge.to].name;
        let number = if parallel == 0 { String::new() } else { format!("#{}", parallel + 1) };
        format!("{}>{consumer}{number}", self.vertex_name(partition.producer))
    }

    /// What a vertex has produced: its rows, or where they have a choice, the rows for each consumer.
    pub fn output_text(&self, state: &State<V>, vertex: usize) -> String {
        let facts = &self.vertices[vertex];
        let mut channels = Vec::new();
        for w in 0..self.size() {
            let consumer = &self.vertices[w];
            for input in consumer.inputs.iter().filter(|input| input.producer == vertex) {
                let output = state.output(vertex);
                let rows = self.data.content(input.edge, facts.subtask, consumer.subtask, output);
                let reader = match self.scenario.job.vertices[consumer.job_vertex].adaptive {
                    true => format!("subpartition {}", consumer.subtask),
                    false => self.vertex_name(w),
                };
                channels.push(format!("{reader} {}", self.rows_text(w, rows, false)));
            }
        }
        match channels.len() {
            0 | 1 => self.rows_text(vertex, state.rows[vertex], true),
            _ => channels.join(", "),
        }
    }

    /// Rows that a vertex has read, or after it has produced, its output.
    pub fn rows_text(&self, vertex: usize, rows: Rows, produced: bool) -> String {
        if rows == Rows::OVERFLOW {
            return format!("more than {} rows", Rows::MAX);
        }
        let job_vertex = self.vertices[vertex].job_vertex;
        let text = |row: u8| {
            let value = match produced {
                true => self.data.output_value(job_vertex, row),
                false => self.data.input_value(job_vertex, row),
            };
            value.map_or_else(|| format!("?{row}"), crate::data::Value::text)
        };
        let texts: Vec<String> = rows.iter().map(text).collect();
        format!("[{}]", texts.join(" "))
    }
}

/// The first of several draws is not named.
fn drawn(text: String, draw: u16) -> String {
    if draw == 0 { text } else { format!("{text} draw {draw}") }
}
