from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class BaseMessage(_message.Message):
    __slots__ = ("msg_type", "way_point", "bus_way_point", "bus_way_point_batch", "bus_way_points", "reg_vehicle", "reg_driver", "reg_company")
    class MsgType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        UNKNOWN: _ClassVar[BaseMessage.MsgType]
        WAY_POINT: _ClassVar[BaseMessage.MsgType]
        BUS_WAY_POINT: _ClassVar[BaseMessage.MsgType]
        BUS_WAY_POINT_BATCH: _ClassVar[BaseMessage.MsgType]
        BUS_WAY_POINTS: _ClassVar[BaseMessage.MsgType]
        STUDENT_CHECK_IN_POINT: _ClassVar[BaseMessage.MsgType]
        REG_VEHICLE: _ClassVar[BaseMessage.MsgType]
        REG_DRIVER: _ClassVar[BaseMessage.MsgType]
        REG_COMPANY: _ClassVar[BaseMessage.MsgType]
        BUS_TICKET_POINT: _ClassVar[BaseMessage.MsgType]
        BUS_TICKET_START_END: _ClassVar[BaseMessage.MsgType]
        BUS_TICKET_RECOVER: _ClassVar[BaseMessage.MsgType]
    UNKNOWN: BaseMessage.MsgType
    WAY_POINT: BaseMessage.MsgType
    BUS_WAY_POINT: BaseMessage.MsgType
    BUS_WAY_POINT_BATCH: BaseMessage.MsgType
    BUS_WAY_POINTS: BaseMessage.MsgType
    STUDENT_CHECK_IN_POINT: BaseMessage.MsgType
    REG_VEHICLE: BaseMessage.MsgType
    REG_DRIVER: BaseMessage.MsgType
    REG_COMPANY: BaseMessage.MsgType
    BUS_TICKET_POINT: BaseMessage.MsgType
    BUS_TICKET_START_END: BaseMessage.MsgType
    BUS_TICKET_RECOVER: BaseMessage.MsgType
    MSG_TYPE_FIELD_NUMBER: _ClassVar[int]
    WAY_POINT_FIELD_NUMBER: _ClassVar[int]
    BUS_WAY_POINT_FIELD_NUMBER: _ClassVar[int]
    BUS_WAY_POINT_BATCH_FIELD_NUMBER: _ClassVar[int]
    BUS_WAY_POINTS_FIELD_NUMBER: _ClassVar[int]
    REG_VEHICLE_FIELD_NUMBER: _ClassVar[int]
    REG_DRIVER_FIELD_NUMBER: _ClassVar[int]
    REG_COMPANY_FIELD_NUMBER: _ClassVar[int]
    msg_type: BaseMessage.MsgType
    way_point: WayPoint
    bus_way_point: BusWayPoint
    bus_way_point_batch: BusWayPointBatch
    bus_way_points: BusWayPoints
    reg_vehicle: RegVehicle
    reg_driver: RegDriver
    reg_company: RegCompany
    def __init__(self, msg_type: _Optional[_Union[BaseMessage.MsgType, str]] = ..., way_point: _Optional[_Union[WayPoint, _Mapping]] = ..., bus_way_point: _Optional[_Union[BusWayPoint, _Mapping]] = ..., bus_way_point_batch: _Optional[_Union[BusWayPointBatch, _Mapping]] = ..., bus_way_points: _Optional[_Union[BusWayPoints, _Mapping]] = ..., reg_vehicle: _Optional[_Union[RegVehicle, _Mapping]] = ..., reg_driver: _Optional[_Union[RegDriver, _Mapping]] = ..., reg_company: _Optional[_Union[RegCompany, _Mapping]] = ...) -> None: ...

class WayPoint(_message.Message):
    __slots__ = ("vehicle", "driver", "speed", "datetime", "x", "y", "z", "heading", "ignition", "door", "aircon", "maxvalidspeed", "vss", "location")
    VEHICLE_FIELD_NUMBER: _ClassVar[int]
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    SPEED_FIELD_NUMBER: _ClassVar[int]
    DATETIME_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    IGNITION_FIELD_NUMBER: _ClassVar[int]
    DOOR_FIELD_NUMBER: _ClassVar[int]
    AIRCON_FIELD_NUMBER: _ClassVar[int]
    MAXVALIDSPEED_FIELD_NUMBER: _ClassVar[int]
    VSS_FIELD_NUMBER: _ClassVar[int]
    LOCATION_FIELD_NUMBER: _ClassVar[int]
    vehicle: str
    driver: str
    speed: float
    datetime: int
    x: float
    y: float
    z: float
    heading: float
    ignition: bool
    door: bool
    aircon: bool
    maxvalidspeed: float
    vss: float
    location: str
    def __init__(self, vehicle: _Optional[str] = ..., driver: _Optional[str] = ..., speed: _Optional[float] = ..., datetime: _Optional[int] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ..., heading: _Optional[float] = ..., ignition: bool = ..., door: bool = ..., aircon: bool = ..., maxvalidspeed: _Optional[float] = ..., vss: _Optional[float] = ..., location: _Optional[str] = ...) -> None: ...

class BusWayPoint(_message.Message):
    __slots__ = ("vehicle", "driver", "speed", "datetime", "x", "y", "z", "heading", "ignition", "aircon", "door_up", "door_down", "sos", "working", "analog1", "analog2")
    VEHICLE_FIELD_NUMBER: _ClassVar[int]
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    SPEED_FIELD_NUMBER: _ClassVar[int]
    DATETIME_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    HEADING_FIELD_NUMBER: _ClassVar[int]
    IGNITION_FIELD_NUMBER: _ClassVar[int]
    AIRCON_FIELD_NUMBER: _ClassVar[int]
    DOOR_UP_FIELD_NUMBER: _ClassVar[int]
    DOOR_DOWN_FIELD_NUMBER: _ClassVar[int]
    SOS_FIELD_NUMBER: _ClassVar[int]
    WORKING_FIELD_NUMBER: _ClassVar[int]
    ANALOG1_FIELD_NUMBER: _ClassVar[int]
    ANALOG2_FIELD_NUMBER: _ClassVar[int]
    vehicle: str
    driver: str
    speed: float
    datetime: int
    x: float
    y: float
    z: float
    heading: float
    ignition: bool
    aircon: bool
    door_up: bool
    door_down: bool
    sos: bool
    working: bool
    analog1: float
    analog2: float
    def __init__(self, vehicle: _Optional[str] = ..., driver: _Optional[str] = ..., speed: _Optional[float] = ..., datetime: _Optional[int] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ..., heading: _Optional[float] = ..., ignition: bool = ..., aircon: bool = ..., door_up: bool = ..., door_down: bool = ..., sos: bool = ..., working: bool = ..., analog1: _Optional[float] = ..., analog2: _Optional[float] = ...) -> None: ...

class BusWayPoints(_message.Message):
    __slots__ = ("events",)
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[BusWayPoint]
    def __init__(self, events: _Optional[_Iterable[_Union[BusWayPoint, _Mapping]]] = ...) -> None: ...

class BusWayPointBatch(_message.Message):
    __slots__ = ("vehicle", "driver")
    class BusTrackPoint(_message.Message):
        __slots__ = ("datetime", "speed", "x", "y", "z", "heading", "ignition", "aircon", "door_up", "door_down", "sos", "analog1", "analog2")
        DATETIME_FIELD_NUMBER: _ClassVar[int]
        SPEED_FIELD_NUMBER: _ClassVar[int]
        X_FIELD_NUMBER: _ClassVar[int]
        Y_FIELD_NUMBER: _ClassVar[int]
        Z_FIELD_NUMBER: _ClassVar[int]
        HEADING_FIELD_NUMBER: _ClassVar[int]
        IGNITION_FIELD_NUMBER: _ClassVar[int]
        AIRCON_FIELD_NUMBER: _ClassVar[int]
        DOOR_UP_FIELD_NUMBER: _ClassVar[int]
        DOOR_DOWN_FIELD_NUMBER: _ClassVar[int]
        SOS_FIELD_NUMBER: _ClassVar[int]
        ANALOG1_FIELD_NUMBER: _ClassVar[int]
        ANALOG2_FIELD_NUMBER: _ClassVar[int]
        datetime: int
        speed: float
        x: float
        y: float
        z: float
        heading: float
        ignition: bool
        aircon: bool
        door_up: bool
        door_down: bool
        sos: bool
        analog1: float
        analog2: float
        def __init__(self, datetime: _Optional[int] = ..., speed: _Optional[float] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ..., heading: _Optional[float] = ..., ignition: bool = ..., aircon: bool = ..., door_up: bool = ..., door_down: bool = ..., sos: bool = ..., analog1: _Optional[float] = ..., analog2: _Optional[float] = ...) -> None: ...
    VEHICLE_FIELD_NUMBER: _ClassVar[int]
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    vehicle: str
    driver: str
    def __init__(self, vehicle: _Optional[str] = ..., driver: _Optional[str] = ...) -> None: ...

class RegVehicle(_message.Message):
    __slots__ = ("vehicle", "vehicle_type", "driver", "company", "device_model_no", "device_model", "device_id", "sim", "datetime", "vin")
    class VehicleType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        KHACH: _ClassVar[RegVehicle.VehicleType]
        BUS: _ClassVar[RegVehicle.VehicleType]
        HOP_DONG: _ClassVar[RegVehicle.VehicleType]
        DU_LICH: _ClassVar[RegVehicle.VehicleType]
        CONTAINER: _ClassVar[RegVehicle.VehicleType]
    KHACH: RegVehicle.VehicleType
    BUS: RegVehicle.VehicleType
    HOP_DONG: RegVehicle.VehicleType
    DU_LICH: RegVehicle.VehicleType
    CONTAINER: RegVehicle.VehicleType
    VEHICLE_FIELD_NUMBER: _ClassVar[int]
    VEHICLE_TYPE_FIELD_NUMBER: _ClassVar[int]
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    DEVICE_MODEL_NO_FIELD_NUMBER: _ClassVar[int]
    DEVICE_MODEL_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SIM_FIELD_NUMBER: _ClassVar[int]
    DATETIME_FIELD_NUMBER: _ClassVar[int]
    VIN_FIELD_NUMBER: _ClassVar[int]
    vehicle: str
    vehicle_type: RegVehicle.VehicleType
    driver: str
    company: str
    device_model_no: int
    device_model: str
    device_id: str
    sim: str
    datetime: int
    vin: str
    def __init__(self, vehicle: _Optional[str] = ..., vehicle_type: _Optional[_Union[RegVehicle.VehicleType, str]] = ..., driver: _Optional[str] = ..., company: _Optional[str] = ..., device_model_no: _Optional[int] = ..., device_model: _Optional[str] = ..., device_id: _Optional[str] = ..., sim: _Optional[str] = ..., datetime: _Optional[int] = ..., vin: _Optional[str] = ...) -> None: ...

class RegDriver(_message.Message):
    __slots__ = ("driver", "name", "datetime_issue", "datetime_expire", "reg_place", "license")
    DRIVER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    DATETIME_ISSUE_FIELD_NUMBER: _ClassVar[int]
    DATETIME_EXPIRE_FIELD_NUMBER: _ClassVar[int]
    REG_PLACE_FIELD_NUMBER: _ClassVar[int]
    LICENSE_FIELD_NUMBER: _ClassVar[int]
    driver: str
    name: str
    datetime_issue: int
    datetime_expire: int
    reg_place: str
    license: str
    def __init__(self, driver: _Optional[str] = ..., name: _Optional[str] = ..., datetime_issue: _Optional[int] = ..., datetime_expire: _Optional[int] = ..., reg_place: _Optional[str] = ..., license: _Optional[str] = ...) -> None: ...

class RegCompany(_message.Message):
    __slots__ = ("company", "name", "address", "tel")
    COMPANY_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    ADDRESS_FIELD_NUMBER: _ClassVar[int]
    TEL_FIELD_NUMBER: _ClassVar[int]
    company: str
    name: str
    address: str
    tel: str
    def __init__(self, company: _Optional[str] = ..., name: _Optional[str] = ..., address: _Optional[str] = ..., tel: _Optional[str] = ...) -> None: ...
