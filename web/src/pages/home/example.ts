// The example of the first steps: a request that a person approves or declines.

export const EXAMPLE = {
  processId: "ApproveRequest",
  file: "approve-request.bpmn",
  variables: { what: "A new chair", amount: 240 },
  xml: `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="https://example.org">
  <process id="ApproveRequest" name="Approve a request" isExecutable="true">
    <startEvent id="Asked" name="Somebody asks"><outgoing>Flow_Review</outgoing></startEvent>
    <userTask id="Review" name="Review the request"><incoming>Flow_Review</incoming><outgoing>Flow_Decision</outgoing></userTask>
    <exclusiveGateway id="Decision" name="Approved?" default="Flow_Declined">
      <incoming>Flow_Decision</incoming><outgoing>Flow_Approved</outgoing><outgoing>Flow_Declined</outgoing>
    </exclusiveGateway>
    <endEvent id="Approved" name="Approved"><incoming>Flow_Approved</incoming></endEvent>
    <endEvent id="Declined" name="Declined"><incoming>Flow_Declined</incoming></endEvent>
    <sequenceFlow id="Flow_Review" sourceRef="Asked" targetRef="Review"/>
    <sequenceFlow id="Flow_Decision" sourceRef="Review" targetRef="Decision"/>
    <sequenceFlow id="Flow_Approved" name="yes" sourceRef="Decision" targetRef="Approved">
      <conditionExpression xsi:type="tFormalExpression">=approved = true</conditionExpression>
    </sequenceFlow>
    <sequenceFlow id="Flow_Declined" name="no" sourceRef="Decision" targetRef="Declined"/>
  </process>
  <bpmndi:BPMNDiagram id="Diagram"><bpmndi:BPMNPlane id="Plane" bpmnElement="ApproveRequest">
    <bpmndi:BPMNShape id="S1" bpmnElement="Asked"><dc:Bounds x="160" y="122" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S2" bpmnElement="Review"><dc:Bounds x="260" y="100" width="100" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S3" bpmnElement="Decision" isMarkerVisible="true"><dc:Bounds x="425" y="115" width="50" height="50"/><bpmndi:BPMNLabel><dc:Bounds x="424" y="85" width="54" height="14"/></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S4" bpmnElement="Approved"><dc:Bounds x="562" y="122" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="S5" bpmnElement="Declined"><dc:Bounds x="562" y="232" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="E1" bpmnElement="Flow_Review"><di:waypoint x="196" y="140"/><di:waypoint x="260" y="140"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="E2" bpmnElement="Flow_Decision"><di:waypoint x="360" y="140"/><di:waypoint x="425" y="140"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="E3" bpmnElement="Flow_Approved"><di:waypoint x="475" y="140"/><di:waypoint x="562" y="140"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="E4" bpmnElement="Flow_Declined"><di:waypoint x="450" y="165"/><di:waypoint x="450" y="250"/><di:waypoint x="562" y="250"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</definitions>
`,
};
